#include "runtime/storage/bar_history_row.hpp"

#include "models/market/decimal.hpp"
#include "runtime/storage/bar_history_number.hpp"
#include "runtime/storage/csv_field.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace qalpha {

namespace {

constexpr std::array<std::string_view, 6> column_names{
  "timestamp", "open", "high", "low", "close", "volume"};

// 92e9 in units of 1e-8: the range of all prices and balances.
constexpr int64_t largest_price_e8 = 9'200'000'000'000'000'000;

bar_column column_of(std::string_view field) {
  auto name = column_name(field);
  if (name == "open_time" || name == "time")
    return bar_column::time;
  auto i = std::find(column_names.begin(), column_names.end(), name);
  return static_cast<bar_column>(i - column_names.begin());
}

} // namespace

bar_columns default_bar_columns() {
  using enum bar_column;
  return {time, open, high, low, close, volume};
}

bool is_bar_header(std::string_view line) {
  bool result = false;
  for_each_field(line, [&](std::string_view field) {
    result = result || column_of(field) != bar_column::ignored;
  });
  return result;
}

fallible<bar_columns> parse_bar_header(std::string_view line) {
  bar_columns result;
  std::string twice;
  for_each_field(line, [&](std::string_view field) {
    auto column = column_of(field);
    if (column != bar_column::ignored
        && std::find(result.begin(), result.end(), column) != result.end())
      twice = column_names[static_cast<size_t>(column)];
    result.push_back(column);
  });
  if (!twice.empty())
    return fault{"column " + twice + ": expected once, found twice"};
  std::string missing;
  for (size_t i = 0; i < column_names.size(); ++i)
    if (std::find(result.begin(), result.end(), static_cast<bar_column>(i))
        == result.end())
      missing += (missing.empty() ? "" : ", ") + std::string{column_names[i]};
  if (!missing.empty())
    return fault{"expected the columns timestamp, open, high, low, close and "
                 "volume, found none called "
                 + missing};
  while (result.back() == bar_column::ignored)
    result.pop_back();
  return result;
}

bar_row_parser::bar_row_parser(bar_columns columns, bar_steps steps)
  : columns_(std::move(columns)), needed_(columns_.size()),
    tick_e8_(steps.tick_e8), lot_e8_(steps.lot_e8) {
  // nop
}

bool bar_row_parser::fail(bar_row_problem problem, std::string_view expected,
                          std::string_view rest) {
  problem_ = problem;
  error_ = "column ";
  error_ += column_names[static_cast<size_t>(current_)];
  error_ += ": expected ";
  error_ += expected;
  error_ += ", found " + quoted_field(rest);
  return false;
}

bool bar_row_parser::parse(std::string_view line, bar& out) {
  auto rest = line;
  for (size_t i = 0; i < needed_; ++i) {
    if (i > 0) {
      if (rest.empty()) {
        problem_ = bar_row_problem::columns;
        error_ = "expected at least " + std::to_string(needed_)
                 + " columns, found " + std::to_string(i);
        return false;
      }
      rest.remove_prefix(1);
    }
    if (!parse_field(columns_[i], rest, out))
      return false;
  }
  return check(out);
}

/// Leaves `rest` at the comma behind the field, or empty.
bool bar_row_parser::parse_field(bar_column column, std::string_view& rest,
                                 bar& out) {
  current_ = column;
  switch (column) {
    case bar_column::time:
      return parse_time(rest, out.open_time);
    case bar_column::open:
      return parse_price(rest, out.open);
    case bar_column::high:
      return parse_price(rest, out.high);
    case bar_column::low:
      return parse_price(rest, out.low);
    case bar_column::close:
      return parse_price(rest, out.close);
    case bar_column::volume:
      return parse_volume(rest, out.volume);
    case bar_column::ignored:
      rest.remove_prefix(std::min(rest.find(','), rest.size()));
      return true;
  }
  return false;
}

bool bar_row_parser::parse_time(std::string_view& rest, utc_time& out) {
  auto field = rest;
  auto time = times_.read(rest);
  if (!time)
    return fail(bar_row_problem::time, times_.expected(), field);
  out = *time;
  return true;
}

bool bar_row_parser::parse_price(std::string_view& rest, price& out) {
  auto field = rest;
  auto e8 = scan_small_e8(rest);
  if (!e8 || *e8 < tick_e8_) {
    rest = field;
    return parse_odd_price(rest, out);
  }
  auto over = *e8 % tick_e8_;
  out.ticks = *e8 / tick_e8_ + (over >= tick_e8_ - over ? 1 : 0);
  rounded_ += over == 0 ? 0 : 1;
  return true;
}

/// Takes what is no short decimal number: exponents, many digits, errors.
bool bar_row_parser::parse_odd_price(std::string_view& rest, price& out) {
  constexpr std::string_view expected = "a positive decimal number";
  auto field = rest;
  auto number = scan_decimal(rest);
  if (!number)
    return fail(bar_row_problem::number, expected, field);
  if (number->negative || number->mantissa == 0)
    return fail(bar_row_problem::sign, expected, field);
  if (compare_e8(*number, largest_price_e8) > 0)
    return fail(bar_row_problem::range, "a price of at most 92e9", field);
  auto steps = nearest_steps(*number, tick_e8_);
  if (!steps || steps->count == 0)
    return fail(bar_row_problem::range, "a price of at least one tick", field);
  out.ticks = steps->count;
  rounded_ += steps->exact ? 0 : 1;
  return true;
}

bool bar_row_parser::parse_volume(std::string_view& rest, quantity& out) {
  constexpr std::string_view expected = "a decimal number that is not negative";
  volume_text_ = rest;
  if (auto e8 = scan_small_e8(rest)) {
    out.lots = *e8 / lot_e8_;
    return true;
  }
  auto field = rest;
  auto number = scan_decimal(rest);
  if (!number)
    return fail(bar_row_problem::number, expected, field);
  if (number->negative && number->mantissa != 0)
    return fail(bar_row_problem::sign, expected, field);
  auto lots = whole_steps(*number, lot_e8_);
  if (!lots)
    return fail(bar_row_problem::range, "a volume of at most 9.2e18 lots",
                field);
  out.lots = *lots;
  return true;
}

bool bar_row_parser::check(const bar& x) {
  if (x.low <= x.open && x.low <= x.close && x.high >= x.open
      && x.high >= x.close)
    return true;
  auto text = [this](price px) {
    return format_decimal_e8(px.ticks * tick_e8_);
  };
  problem_ = bar_row_problem::order;
  error_ = "expected low <= open, close <= high, found open " + text(x.open)
           + ", high " + text(x.high) + ", low " + text(x.low) + ", close "
           + text(x.close);
  return false;
}

} // namespace qalpha
