// Bars from CSV files, checked row by row.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/bar.hpp"
#include "models/market/instrument.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// What the reader may assume about a file.
struct bar_file_options {
  /// Length of the bars; `nullopt`: the most common difference of two rows.
  std::optional<timespan> interval;

  /// Rows after which a file counts as too large. A bar takes 56 bytes, so this
  /// bounds the memory, whatever a compressed file unfolds to.
  uint64_t max_rows = 50'000'000;

  /// Gaps that are listed one by one in the report.
  size_t listed_gaps = 5;
};

/// Bars that are missing between two rows.
struct data_gap {
  /// Open times of the rows around the gap.
  utc_time after;
  utc_time before;
  uint64_t missing = 0;

  friend bool operator==(const data_gap&, const data_gap&) = default;
};

/// Whether a file can be trusted, for people and for reports.
struct data_report {
  uint64_t rows = 0;
  /// Open time of the first and of the last bar.
  utc_time first;
  utc_time last;
  timespan interval{0};
  /// Gaps are kept as they are: no bar is invented.
  uint64_t gaps = 0;
  uint64_t missing_bars = 0;
  std::vector<data_gap> first_gaps;
  uint64_t zero_volume_bars = 0;
  /// Prices that were no whole number of ticks and went to the nearest.
  uint64_t rounded_prices = 0;
  /// Of the file as it lies on the disk, compressed or not.
  std::string sha256;
};

/// The bars of one symbol, ascending and without overlap.
struct bar_file {
  std::vector<bar> bars;
  data_report report;
};

/// Reads bars from a CSV file, plain, gzip or the only file of a zip archive
/// (told by content, not by name).
///
/// Columns: `timestamp` (or `open_time`, `time`), `open`, `high`, `low`,
/// `close`, `volume`, in the order of the header line; further columns are
/// ignored. A file without a header has them in this order. Times are the open
/// of the bar as integers in s, ms, us or ns, one unit for the whole file.
/// Volume is rounded toward zero to whole lots.
///
/// @returns a fault "FILE: row N, column C: expected ..., found ..." for
///          everything that is not such a file: rows count lines from 1, the
///          header included. Unsorted and duplicate times, prices that are not
///          positive and numbers that are none are faults; gaps and bars
///          without volume are counted.
fallible<bar_file> read_bars(const std::string& path, const instrument& rules,
                             const bar_file_options& options = {});

/// @returns one line such as "31973 bars of 1h, 2020-10-23 08:00 to 2024-06-16
///          12:00 UTC, no gaps".
std::string to_string(const data_report& report);

} // namespace qalpha
