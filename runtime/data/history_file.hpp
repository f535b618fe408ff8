// Histories in the one form that is written: rows in memory, files on disk.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/data/history_row.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace qalpha {

/// A row and where it comes from.
struct sourced_row {
  history_row row;
  /// Index of the file, and the line in it.
  uint32_t source = 0;
  uint32_t line = 0;
};

/// Rows of a file that are bars, and the others.
struct history_rows {
  std::vector<sourced_row> rows;
  /// Rows that are no bars, and the first of them as "FILE: row N, ...".
  uint64_t bad_rows = 0;
  std::string first_bad;
  uint64_t rounded_prices = 0;
};

/// Appends the rows of a file, plain, gzip or zip, to `into`, in the order of
/// the file. Times that are no whole milliseconds count as bad rows.
/// @returns a fault "FILE: ..." if the file cannot be read to its end.
fallible<bool> append_rows(history_rows& into, const std::string& path,
                           uint32_t source, uint64_t max_rows = 50'000'000);

/// Writes `timestamp,open,high,low,close,volume` with one row a line; gzip if
/// the name ends with ".gz". The same rows make the same bytes. The file
/// appears complete or not at all.
/// @returns a fault naming the file.
fallible<bool> write_history(const std::string& path,
                             const std::vector<sourced_row>& rows);

} // namespace qalpha
