#include "runtime/config/units.hpp"

#include "models/market/decimal.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

namespace qalpha {

namespace {

/// A number in units of 1e-8 and what stands behind it.
struct measured {
  int64_t e8;
  std::string_view unit;
};

constexpr bool is_part_of_number(char ch) noexcept {
  return (ch >= '0' && ch <= '9') || ch == '.' || ch == '-';
}

/// A number and what stands behind it.
struct measured_text {
  std::string_view number;
  std::string_view unit;
};

/// Splits "1.5 h" into "1.5" and "h"; one blank between them is allowed.
measured_text split_text(std::string_view text) {
  size_t i = 0;
  while (i < text.size() && is_part_of_number(text[i]))
    ++i;
  auto unit = text.substr(i);
  if (unit.starts_with(' '))
    unit.remove_prefix(1);
  return {text.substr(0, i), unit};
}

std::optional<measured> split(std::string_view text) {
  auto parts = split_text(text);
  auto number = parse_decimal_e8(parts.number);
  if (!number)
    return std::nullopt;
  return measured{*number, parts.unit};
}

/// @returns `number` times `scale`, which may be beyond the range of money.
std::optional<__int128> scaled_e8(std::string_view number, int64_t scale) {
  int64_t whole = 0;
  auto end = number.data() + number.size();
  auto [rest, code] = std::from_chars(number.data(), end, whole);
  if (code == std::errc{} && rest == end)
    return static_cast<__int128>(whole) * scale * money::scale;
  if (auto e8 = parse_decimal_e8(number))
    return static_cast<__int128>(*e8) * scale;
  return std::nullopt;
}

fault expected(std::string_view what, std::string_view found) {
  return {"expected " + std::string{what} + ", found " + quoted_text(found)};
}

struct time_unit {
  std::string_view name;
  int64_t ns;
};

constexpr std::array<time_unit, 7> time_units{{
  {"ns", 1},
  {"us", 1'000},
  {"ms", 1'000'000},
  {"s", 1'000'000'000},
  {"m", 60'000'000'000},
  {"h", 3'600'000'000'000},
  {"d", 86'400'000'000'000},
}};

} // namespace

fallible<money> parse_money(std::string_view text) {
  auto parts = split(text);
  if (!parts || parts->unit != "USDT")
    return expected("money with its unit such as \"250 USDT\"", text);
  return money{parts->e8};
}

fallible<timespan> parse_timespan(std::string_view text) {
  auto parts = split_text(text);
  for (const auto& unit : time_units) {
    if (parts.unit != unit.name)
      continue;
    auto product = scaled_e8(parts.number, unit.ns);
    if (!product)
      break;
    auto ns = *product / money::scale;
    if (*product % money::scale != 0)
      return expected("a whole number of nanoseconds", text);
    if (ns > std::numeric_limits<int64_t>::max() || ns < 0)
      return expected("a time of 0ns to 292 years", text);
    return timespan{static_cast<int64_t>(ns)};
  }
  return expected("a time with its unit (ns, us, ms, s, m, h, d) such as "
                  "\"5s\"",
                  text);
}

fallible<int64_t> parse_share_e8(std::string_view text) {
  auto parts = split(text);
  auto percent = parts && parts->unit == "%";
  if (!percent && !(parts && parts->unit == "bp"))
    return expected("a share with its unit (% or bp) such as \"2 %\"", text);
  auto divisor = percent ? 100 : 10'000;
  if (parts->e8 % divisor != 0)
    return expected("a share of at most 8 decimals", text);
  return parts->e8 / divisor;
}

fallible<int64_t> parse_plain_e8(std::string_view text) {
  if (auto e8 = parse_decimal_e8(text))
    return *e8;
  return expected("a decimal number of at most 8 places such as \"0.01\"",
                  text);
}

std::string format_money(money amount) {
  return format_decimal_e8(amount.e8) + " USDT";
}

std::string format_share_e8(int64_t share) {
  // In percent, a share of 1e-8 has six places.
  return format_decimal_e8(share * 100) + " %";
}

} // namespace qalpha
