#include "runtime/reports/figure_text.hpp"

#include "models/market/decimal.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace qalpha {

namespace {

constexpr char separator = ' ';

/// From here on a fixed-point text would be longer than informative.
constexpr double fixed_limit = 1e9;

std::string with_plus(std::string text, bool positive, plus_sign plus) {
  auto zero = text.find_first_of("123456789") == std::string::npos;
  if (plus == plus_sign::shown && positive && !zero)
    text.insert(text.begin(), '+');
  return text;
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// A blank between two digits separates thousands or a date from its time.
bool is_break(std::string_view text, size_t at) noexcept {
  if (text[at] != ' ')
    return false;
  return at == 0 || at + 1 >= text.size() || !is_digit(text[at - 1])
         || !is_digit(text[at + 1]);
}

/// @returns where the first line of `text` ends.
size_t line_end(std::string_view text, size_t width) {
  if (text.size() <= width)
    return text.size();
  for (auto at = width; at > 0; --at)
    if (is_break(text, at))
      return at;
  // Cut the word, but no character of several bytes.
  auto at = width;
  while (at > width - 3
         && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
    --at;
  return at;
}

std::string printable(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      c = '?';
  return result;
}

} // namespace

std::string count_text(uint64_t count) {
  auto text = std::to_string(count);
  for (auto at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, separator);
  }
  return text;
}

std::string counted_text(uint64_t count, std::string_view one,
                         std::string_view many) {
  return count_text(count) + " " + std::string{count == 1 ? one : many};
}

std::string money_text(money amount, plus_sign plus, int decimals) {
  return with_plus(format_fixed_e8(amount.e8, decimals, separator),
                   amount.e8 > 0, plus);
}

std::string number_text(double value, int decimals, plus_sign plus) {
  if (!std::isfinite(value))
    return "not a number";
  if (std::abs(value) >= fixed_limit)
    return with_plus(fmt::format("{:.3g}", value), value > 0, plus);
  auto e8 = std::llround(value * static_cast<double>(money::scale));
  return with_plus(format_fixed_e8(e8, decimals, separator), value > 0, plus);
}

std::string percent_text(double share, plus_sign plus) {
  return number_text(share * 100, 2, plus) + " %";
}

std::string percent_text(rate share) {
  return format_decimal_e8(share.e8 * 100) + " %";
}

std::string span_text(double seconds) {
  struct unit {
    double size;
    const char* name;
  };
  constexpr std::array<unit, 3> units{unit{86'400, "d"}, unit{3'600, "h"},
                                      unit{60, "min"}};
  for (auto [size, name] : units)
    if (seconds >= size)
      return fmt::format("{} {}", std::floor(seconds / size * 10) / 10, name);
  return fmt::format("{} s", std::floor(seconds * 10) / 10);
}

std::string wall_time_text(double seconds) {
  if (seconds < 0.001)
    return fmt::format("{:.3f} ms", seconds * 1'000);
  if (seconds < 1)
    return fmt::format("{:.3f} s", seconds);
  if (seconds < 10)
    return fmt::format("{:.2f} s", seconds);
  return fmt::format("{:.1f} s", seconds);
}

std::string magnitude_text(double value) {
  if (value >= 1e9)
    return fmt::format("{:.3g} G", value / 1e9);
  if (value >= 1e6)
    return fmt::format("{:.1f} M", value / 1e6);
  if (value >= 1e3)
    return fmt::format("{:.1f} k", value / 1e3);
  return fmt::format("{:.1f}", value);
}

std::vector<std::string> wrapped(std::string_view text, size_t width) {
  auto clean = printable(text);
  std::string_view rest = clean;
  std::vector<std::string> lines;
  do {
    auto end = line_end(rest, width);
    lines.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end);
    while (!rest.empty() && rest.front() == ' ')
      rest.remove_prefix(1);
  } while (!rest.empty());
  return lines;
}

} // namespace qalpha
