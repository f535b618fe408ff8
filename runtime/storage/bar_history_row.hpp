// Columns and numbers of one CSV row of bars.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/bar.hpp"
#include "runtime/storage/stamp_reader.hpp"

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

/// What one tick and one lot are worth, in units of 1e-8.
struct bar_steps {
  int64_t tick_e8 = 1;
  int64_t lot_e8 = 1;
};

/// Why a row is not a bar.
enum class bar_row_problem : uint8_t {
  /// Columns are missing.
  columns,
  /// No time, or one in another unit than those before.
  time,
  /// A price or volume that is no number.
  number,
  /// A price that is zero or negative, or a negative volume.
  sign,
  /// A price or volume that is too large or too small for its type.
  range,
  /// low <= open, close <= high does not hold.
  order,
};

/// Turns rows into bars without a close time.
class bar_row_parser {
public:
  bar_row_parser(bar_columns columns, bar_steps steps);

  /// @returns `false` if the row is not a bar; `error` then says why.
  bool parse(std::string_view line, bar& out);

  /// @returns "column close: expected a positive decimal number, found "nan"".
  const std::string& error() const noexcept {
    return error_;
  }

  /// @returns the kind of the last error.
  bar_row_problem problem() const noexcept {
    return problem_;
  }

  /// @returns the volume of the last good row as the file has it, beginning
  ///          with it; as valid as the line.
  std::string_view volume_text() const noexcept {
    return volume_text_;
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
  bool fail(bar_row_problem problem, std::string_view expected,
            std::string_view rest);

  bar_columns columns_;
  size_t needed_;
  int64_t tick_e8_;
  int64_t lot_e8_;
  bar_column current_ = bar_column::time;
  stamp_reader times_;
  uint64_t rounded_ = 0;
  std::string_view volume_text_;
  bar_row_problem problem_ = bar_row_problem::columns;
  std::string error_;
};

} // namespace qalpha
