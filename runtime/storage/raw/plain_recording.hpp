// Recordings that other programs made, as raw records.
//
// Two layouts of lines, plain or gzip, are understood:
//
//   1723161255088169167 {"stream":...}           nanoseconds UTC
//   1626992741.06217: {"stream":...}             seconds UTC
//
// A snapshot in the first is an answer over REST without its question. In the
// second, answers are in files of their own, behind their questions:
//
//   https://host/path?query -> 1626992741.301402: {...}
//   wss://host/stream?streams=... <-> 1626992740.179554

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/storage/raw/raw_record.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

class line_input;

/// Reads the files of one session as one, ordered by time.
class plain_recording {
public:
  /// @param symbol of answers that do not say whose they are
  explicit plain_recording(const std::vector<std::filesystem::path>& files,
                           std::string symbol);

  ~plain_recording();
  plain_recording(plain_recording&& other) noexcept;
  plain_recording& operator=(plain_recording&& other) noexcept;

  /// @returns the next record, valid until the next call; `nullopt` at the end
  ///          or when a line is none of either layout.
  std::optional<raw_record> next();

  /// @returns "FILE: line N: expected ..., found ..." if that was the end.
  const std::optional<fault>& error() const noexcept {
    return error_;
  }

private:
  struct source;

  void advance(source& from);
  void fail(const source& from, const std::string& text);

  std::vector<std::unique_ptr<source>> sources_;
  std::string snapshot_target_;
  /// Whose line was told last; it is read on with the next call.
  source* told_ = nullptr;
  std::optional<fault> error_;
};

/// What an import brought.
struct plain_import {
  uint64_t records = 0;
  uint64_t bytes = 0;
};

/// Brings a session into a recording.
/// @returns a fault if a line cannot be read or a record cannot be kept.
fallible<plain_import>
import_plain_recording(const std::vector<std::filesystem::path>& files,
                       const std::string& symbol, raw_sink& to);

} // namespace qalpha
