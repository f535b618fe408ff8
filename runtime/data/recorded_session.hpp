// Raw recordings of others: what a collector wrote down line by line.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/time.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// One line: a message of a stream, or an answer of REST.
struct recorded_line {
  /// Address of the request; empty for messages of a stream.
  std::string_view address;
  /// By the clock of the collector.
  utc_time received;
  /// JSON.
  std::string_view text;
};

/// Reads one line of either layout:
///
///     1723161255030314667 {...}                         nanoseconds
///     1626992741.06217: {...}                           seconds
///     https://... -> 1626992741.301402: {...}           answers, seconds
///
/// @returns `nullopt` for other lines, such as the address of a stream.
std::optional<recorded_line> parse_recorded_line(std::string_view line);

/// The lines of one session in the order of receipt. A session is one file,
/// plain or gzip, or several that were written side by side: for a file called
/// NAME.ws.X or NAME.http.X all files of that NAME, and for a folder all files
/// in it.
class recorded_session {
public:
  /// @returns a fault naming the file if it cannot be read.
  static fallible<recorded_session> open(const std::filesystem::path& path);

  recorded_session(recorded_session&&) noexcept;
  recorded_session& operator=(recorded_session&&) noexcept;
  ~recorded_session();

  /// @returns the next line, valid until the next call; `nullopt` at the end.
  std::optional<recorded_line> next();

  /// @returns the lines that had no known layout.
  uint64_t skipped() const noexcept;

  /// @returns a fault naming a file that is damaged or cut off, if one is.
  std::optional<fault> damage() const;

private:
  class file;

  recorded_session();

  std::vector<std::unique_ptr<file>> files_;
  // The file of the line that was returned last.
  file* current_ = nullptr;
};

} // namespace qalpha
