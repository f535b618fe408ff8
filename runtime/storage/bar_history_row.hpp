// Columns and numbers of one CSV row of bars.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/bar.hpp"
#include "models/market/instrument.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// What a column of the file means to us.
enum class bar_column : uint8_t {
  time,
  open,
  high,
  low,
  close,
  volume,
  ignored,
};

/// Which column is where.
using bar_columns = std::vector<bar_column>;

/// The order of a file without a header.
bar_columns default_bar_columns();

/// @returns `true` if `line` names columns instead of holding numbers.
bool is_bar_header(std::string_view line);

/// @returns a fault naming columns that are missing or there twice.
fallible<bar_columns> parse_bar_header(std::string_view line);

/// Turns rows into bars without a close time.
class bar_row_parser {
public:
  bar_row_parser(bar_columns columns, const instrument& rules);

  /// @returns `false` if the row is not a bar; `error` then says why.
  bool parse(std::string_view line, bar& out);

  /// @returns "column close: expected a positive decimal number, found "nan"".
  const std::string& error() const noexcept {
    return error_;
  }

  /// @returns how many prices were no whole number of ticks so far.
  uint64_t rounded() const noexcept {
    return rounded_;
  }

private:
  bool parse_field(bar_column column, std::string_view& rest, bar& out);
  bool parse_time(std::string_view& rest, utc_time& out);
  bool parse_price(std::string_view& rest, price& out);
  bool parse_odd_price(std::string_view& rest, price& out);
  bool parse_volume(std::string_view& rest, quantity& out);
  bool check(const bar& x);
  bool fail(bar_column column, std::string_view expected,
            std::string_view rest);

  bar_columns columns_;
  size_t needed_;
  int64_t tick_e8_;
  int64_t lot_e8_;
  const instrument* rules_;
  bar_column current_ = bar_column::time;
  // Nanoseconds in one unit of the file's timestamps; zero before the first.
  int64_t unit_ns_ = 0;
  uint64_t rounded_ = 0;
  std::string error_;
};

} // namespace qalpha
