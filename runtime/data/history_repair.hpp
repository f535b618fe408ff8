// From rows as they come to a history that can be trusted.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/time.hpp"
#include "runtime/data/history_file.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// What may be done to rows that are not a history yet. Nothing is done that
/// was not allowed; no bar is invented.
struct repair_options {
  bool sort = false;
  /// Of equal bars one is kept.
  bool drop_duplicates = false;
  /// Of bars of the same time that differ, the one of the later source, or of
  /// the later row, is kept.
  bool keep_last = false;
  /// Rows that are no bars, and bars that begin before the one before ends.
  bool drop_bad = false;
  /// A last bar that was not over at `as_of`.
  bool drop_unfinished = false;

  /// `nullopt`: the most common difference of two rows.
  std::optional<timespan> interval;
  utc_time as_of;
};

/// A history and what was done to get it.
struct repaired_history {
  std::vector<sourced_row> rows;
  timespan interval{0};
  bool sorted = false;
  uint64_t duplicates = 0;
  uint64_t replaced = 0;
  uint64_t bad_rows = 0;
  uint64_t unfinished = 0;
  uint64_t rounded_prices = 0;
  uint64_t gaps = 0;
  uint64_t missing_bars = 0;
};

/// Repairs what `options` allow.
/// @param names of the sources, for messages
/// @returns a fault with the first place that needs a repair which is not
///          allowed, naming the option that allows it.
fallible<repaired_history> repair(history_rows rows,
                                  const std::vector<std::string>& names,
                                  const repair_options& options);

/// @returns for example "744 bars of 1h, 2024-01-01 00:00 to 2024-01-31 23:00
///          UTC, no gaps; dropped 2 duplicates".
std::string to_string(const repaired_history& x);

} // namespace qalpha
