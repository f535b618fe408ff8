// Whether a file of bars can be trusted.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// What can be wrong with a history. The order is that of the table.
enum class history_problem : uint8_t {
  // -- failures: no number that comes from such a file means anything ---------
  /// The file ends early or is damaged, or is no CSV of bars.
  unreadable,
  /// Columns or the time are missing, or a number is out of range.
  malformed,
  not_a_number,
  /// A price that is zero or negative, or a negative volume.
  not_positive,
  /// low <= open, close <= high does not hold.
  bad_ohlc,
  unsorted,
  /// A bar twice, the same each time.
  duplicate,
  /// Two bars of the same time that differ.
  conflict,
  /// A bar begins before the one before it ends.
  overlap,
  /// The last bar was not over when the file was written.
  unfinished,
  // -- warnings: true of a market, or of an exchange that was down -----------
  gap,
  /// A gap that is no whole number of intervals.
  off_grid,
  zero_volume,
  /// A return far beyond the others of its file.
  outlier,
};

constexpr size_t history_problems = 14;

/// @returns `true` for what makes `qalpha data verify` fail.
constexpr bool is_failure(history_problem x) noexcept {
  return x <= history_problem::unfinished;
}

/// @returns for example "bad_ohlc".
std::string_view to_string(history_problem x) noexcept;

/// How often, and the first places.
struct history_finding {
  uint64_t count = 0;
  std::vector<std::string> examples;
};

/// What to hold a file against.
struct history_check_options {
  /// Length of the bars; `nullopt`: the most common difference of two rows.
  std::optional<timespan> interval;

  /// When the file was complete: later bars cannot be.
  utc_time as_of;

  /// Returns beyond this many robust standard deviations are outliers: 1.4826
  /// times the median distance from the median. Markets have fat tails, so
  /// this is far from what a normal distribution would call impossible.
  double outlier_z = 25;

  /// Places that are named for each problem.
  size_t examples = 3;

  /// Bounds the memory: 32 bytes a row.
  uint64_t max_rows = 50'000'000;
};

/// All that was found out about one file.
struct history_report {
  std::string file;
  /// Rows that are bars.
  uint64_t rows = 0;
  utc_time first;
  utc_time last;
  timespan interval{0};
  uint64_t missing_bars = 0;
  /// Of the file as it lies on the disk; empty if it cannot be read.
  std::string sha256;
  std::array<history_finding, history_problems> findings;

  const history_finding& operator[](history_problem x) const {
    return findings[static_cast<size_t>(x)];
  }

  /// @returns `true` without failures; `strict` counts warnings as such.
  bool passes(bool strict = false) const noexcept;
};

/// Reads the whole file, plain, gzip or zip, and names everything that is wrong
/// with it instead of only the first thing.
history_report check_history(const std::string& path,
                             const history_check_options& options);

/// @returns when the file was changed last, or `nullopt` if there is none.
std::optional<utc_time> time_of_file(const std::string& path);

} // namespace qalpha
