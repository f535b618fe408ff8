// Which histories a directory holds.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace qalpha {

/// What is known about one file; the file is known by size and time of change.
struct history_entry {
  /// Relative to the directory.
  std::string file;
  uint64_t bytes = 0;
  int64_t changed_ns = 0;

  /// As the name of the file begins, for example "BTCUSDT".
  std::string symbol;
  uint64_t rows = 0;
  utc_time first;
  utc_time last;
  timespan interval{0};
  uint64_t gaps = 0;
  uint64_t missing_bars = 0;
  std::string sha256;
  /// Why the file cannot be trusted; empty if it can.
  std::string problem;

  friend bool operator==(const history_entry&, const history_entry&) = default;
};

/// The name of the file that remembers what was found, in the directory itself.
constexpr const char* manifest_name = "histories.json";

/// Reads what was remembered.
/// @returns an empty map if there is nothing, or nothing that can be read: it
///          costs time only.
std::map<std::string, history_entry> read_manifest(const std::string& path);

/// Remembers the entries.
/// @returns a fault naming the file.
fallible<bool> write_manifest(const std::string& path,
                              const std::vector<history_entry>& entries);

/// Looks at all files below `directory` that end with .csv, .csv.gz or .zip,
/// except hidden ones, sorted by name. Those that have not changed since the
/// last time are not read again.
/// @returns a fault if the directory cannot be read.
fallible<std::vector<history_entry>>
list_histories(const std::string& directory, utc_time now);

/// @returns a table with a header, or a sentence if there is nothing.
std::string list_text(const std::vector<history_entry>& entries);

/// @returns one JSON object without an end of line.
std::string list_json(const std::vector<history_entry>& entries);

} // namespace qalpha
