// The columns of a market from a CSV file.

#pragma once

#include "models/features/market_columns.hpp"
#include "models/machine/fallible.hpp"
#include "models/market/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// Rows of a file as features read them.
struct market_table {
  /// Open of each bar, rising.
  std::vector<utc_time> times;
  /// One vector a market column, empty if the file has none; the column "time"
  /// is the close of the bar. NaN where a cell is empty.
  std::array<std::vector<double>, market_columns.size()> columns;
  timespan interval{0};
  uint64_t gaps = 0;
  uint64_t missing_bars = 0;
  /// Of the file as it lies on the disk.
  std::string sha256;

  size_t rows() const noexcept {
    return times.size();
  }
};

/// Reads a CSV file, plain, gzip or the only file of a zip archive. Its header
/// names a time (`timestamp`, `open_time`, `time` or `ts`: the open of the bar
/// in s, ms, us or ns) and any columns of `market_columns`, also as Binance
/// calls them; others are ignored. Without a header: the columns of a Binance
/// archive.
///
/// Cells are decimal numbers, or empty, "nan" or infinite where there is no
/// value; what is wrong in a market (a price of zero) is left to the pipeline,
/// which leaves the cells that depend on it undefined.
///
/// @param interval length of the bars; `nullopt`: the most common difference of
///                 two rows
/// @returns a fault "FILE: row N, column C: expected ..., found ..." for text
///          that is no number and for times that do not rise.
fallible<market_table>
read_market_table(const std::string& path,
                  std::optional<timespan> interval = std::nullopt);

} // namespace qalpha
