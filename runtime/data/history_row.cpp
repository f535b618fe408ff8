#include "runtime/data/history_row.hpp"

#include "models/market/decimal.hpp"
#include "runtime/storage/bar_history_number.hpp"

#include <algorithm>

namespace qalpha {

namespace {

using wide = unsigned __int128;

constexpr wide unit = 100'000'000;

/// @returns the volume in units of 1e-8, cut.
wide volume_e8(std::string_view text) {
  auto number = scan_decimal(text);
  if (!number)
    return 0; // The parser has accepted it, so there is a number.
  auto result = number->mantissa;
  for (auto scale = number->scale; scale > 8 && result != 0; --scale)
    result /= 10;
  for (auto scale = number->scale; scale < 8 && result != 0; ++scale)
    result *= 10;
  return result;
}

std::string volume_text(wide e8) {
  std::string digits;
  for (auto whole = e8 / unit; whole != 0; whole /= 10)
    digits += static_cast<char>('0' + static_cast<int>(whole % 10));
  std::reverse(digits.begin(), digits.end());
  if (digits.empty())
    digits = "0";
  if (auto fraction = static_cast<int64_t>(e8 % unit); fraction != 0)
    digits += format_decimal_e8(fraction).substr(1);
  return digits;
}

} // namespace

std::optional<history_row> exact_row(bar_row_parser& parser,
                                     std::string_view line) {
  bar x;
  if (!parser.parse(line, x))
    return std::nullopt;
  return history_row{x.open_time,   x.open.ticks,
                     x.high.ticks,  x.low.ticks,
                     x.close.ticks, volume_e8(parser.volume_text())};
}

std::string history_header() {
  return "timestamp,open,high,low,close,volume";
}

void append_csv(std::string& out, const history_row& row) {
  out += std::to_string(row.open_time.ns / 1'000'000);
  for (auto e8 : {row.open_e8, row.high_e8, row.low_e8, row.close_e8})
    out += "," + format_decimal_e8(e8);
  out += "," + volume_text(row.volume_e8);
}

} // namespace qalpha
