#include "models/market/decimal.hpp"

#include <array>
#include <cstddef>
#include <limits>

namespace qalpha {

namespace {

using wide = __int128;

constexpr int places = 8;

// No value within ±92e9 has more significant digits than this.
constexpr int most_digits = 19;

// Larger exponents leave the range or the eight decimals anyway.
constexpr int largest_exponent = 1'000;

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// A decimal without trailing zeros: mantissa × 10^exponent.
struct scientific {
  uint64_t mantissa = 0;
  int exponent = 0;
  bool exact = true;
};

/// Collects digits. Zeros are held back until a digit follows, so that "0.100"
/// has one significant digit.
class digits {
public:
  void add(char c, bool fraction) noexcept {
    if (fraction)
      --exponent_;
    if (c == '0') {
      ++zeros_;
      return;
    }
    for (; zeros_ > 0; --zeros_)
      push(0);
    push(static_cast<uint64_t>(c - '0'));
  }

  scientific result() const noexcept {
    if (mantissa_ == 0)
      return {0, 0, exact_};
    return {mantissa_, exponent_ + zeros_, exact_};
  }

private:
  void push(uint64_t digit) noexcept {
    if (count_ == most_digits) {
      exact_ = false;
      return;
    }
    mantissa_ = mantissa_ * 10 + digit;
    if (mantissa_ != 0)
      ++count_;
  }

  uint64_t mantissa_ = 0;
  int exponent_ = 0;
  int zeros_ = 0;
  int count_ = 0;
  bool exact_ = true;
};

/// Reads at least one digit from the front of `text`.
bool read_digits(std::string_view& text, digits& into, bool fraction) {
  auto start = text.size();
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1))
    into.add(text.front(), fraction);
  return text.size() != start;
}

/// Reads what follows the letter e.
std::optional<int> read_exponent(std::string_view text) {
  auto negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+'))
    text.remove_prefix(1);
  if (text.empty())
    return std::nullopt;
  auto result = 0;
  for (auto c : text) {
    if (!is_digit(c))
      return std::nullopt;
    if (result < largest_exponent)
      result = result * 10 + (c - '0');
  }
  return negative ? -result : result;
}

/// @returns mantissa × 10^exponent in units of 1e-8.
std::optional<int64_t> scale(const scientific& x, bool negative) noexcept {
  if (!x.exact)
    return std::nullopt;
  if (x.mantissa == 0)
    return 0;
  auto shift = x.exponent + places;
  if (shift < 0 || shift >= most_digits)
    return std::nullopt;
  auto result = static_cast<wide>(x.mantissa);
  for (auto i = 0; i < shift; ++i)
    result *= 10;
  if (negative)
    result = -result;
  if (result > std::numeric_limits<int64_t>::max()
      || result < std::numeric_limits<int64_t>::min())
    return std::nullopt;
  return static_cast<int64_t>(result);
}

/// @returns |x|, which int64_t cannot hold for its lowest value.
constexpr uint64_t absolute(int64_t x) noexcept {
  return x < 0 ? uint64_t{0} - static_cast<uint64_t>(x)
               : static_cast<uint64_t>(x);
}

constexpr std::array<uint64_t, places + 1> powers{
  1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

/// @returns whole digits with `separator` between thousands.
std::string grouped(uint64_t whole, char separator) {
  auto result = std::to_string(whole);
  if (separator == '\0')
    return result;
  for (auto i = static_cast<ptrdiff_t>(result.size()) - 3; i > 0; i -= 3)
    result.insert(static_cast<size_t>(i), 1, separator);
  return result;
}

/// @returns '.' and `value` with leading zeros to `width`; nothing for width 0.
std::string fraction(uint64_t value, size_t width) {
  if (width == 0)
    return {};
  auto digits = std::to_string(value);
  std::string text{"."};
  text.append(width - digits.size(), '0');
  return text += digits;
}

} // namespace

std::optional<int64_t> parse_decimal_e8(std::string_view text) noexcept {
  auto negative = !text.empty() && text.front() == '-';
  if (negative)
    text.remove_prefix(1);
  digits all;
  if (!read_digits(text, all, false))
    return std::nullopt;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    if (!read_digits(text, all, true))
      return std::nullopt;
  }
  auto value = all.result();
  if (!text.empty()) {
    if (text.front() != 'e' && text.front() != 'E')
      return std::nullopt;
    auto exponent = read_exponent(text.substr(1));
    if (!exponent)
      return std::nullopt;
    value.exponent += *exponent;
  }
  return scale(value, negative);
}

std::string format_decimal_e8(int64_t e8) {
  auto magnitude = absolute(e8);
  auto whole = std::to_string(magnitude / powers[places]);
  auto rest = fraction(magnitude % powers[places], places);
  rest.erase(rest.find_last_not_of('0') + 1);
  if (rest == ".")
    rest.clear();
  return (e8 < 0 ? "-" : "") + whole + rest;
}

std::string format_fixed_e8(int64_t e8, int decimals, char separator) {
  auto width = static_cast<size_t>(decimals);
  auto step = powers.at(places - width);
  // Half away from zero; 2^63 + 5e7 still fits.
  auto units = (absolute(e8) + step / 2) / step;
  auto whole = grouped(units / powers[width], separator);
  auto sign = e8 < 0 && units != 0 ? "-" : "";
  return sign + whole + fraction(units % powers[width], width);
}

} // namespace qalpha
