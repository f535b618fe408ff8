// One bar of a history, exact.

#pragma once

#include "models/market/time.hpp"
#include "runtime/storage/bar_history_rows.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// A bar as a file has it, whatever the instrument: prices and volume in units
/// of 1e-8. What is finer is cut from volumes and rounded in prices.
struct history_row {
  utc_time open_time;
  int64_t open_e8 = 0;
  int64_t high_e8 = 0;
  int64_t low_e8 = 0;
  int64_t close_e8 = 0;
  /// Coins of tiny value trade more than 64 bits of 1e-8 in an hour.
  unsigned __int128 volume_e8 = 0;

  friend bool operator==(const history_row&, const history_row&) = default;
};

/// Steps with which a price is one tick; `exact_row` finds the volume.
constexpr bar_steps history_steps{1, 100'000'000};

/// Reads a row exactly.
/// @pre `parser` has `history_steps`
/// @returns `nullopt` if it is no bar; the parser says why.
std::optional<history_row> exact_row(bar_row_parser& parser,
                                     std::string_view line);

/// Reads the current row of a file exactly.
/// @pre `rows` has `history_steps`
inline std::optional<history_row> exact_row(bar_rows& rows) {
  return exact_row(rows.parser(), rows.row());
}

/// @returns "timestamp,open,high,low,close,volume": the header of the form that
///          every verb writes.
std::string history_header();

/// Appends the row in that form, without an end of line: milliseconds, plain
/// decimals without trailing zeros. The same bar has the same text always.
void append_csv(std::string& out, const history_row& row);

} // namespace qalpha
