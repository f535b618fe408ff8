#include "runtime/storage/bar_history_number.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace qalpha {

namespace {

using wide = unsigned __int128;

// Digits that are kept: their product with 1e8 still fits into 128 bits.
constexpr int most_digits = 30;

// Exponents are read up to here; what lies beyond is zero or out of range.
constexpr int32_t largest_exponent = 400;

constexpr auto powers = [] {
  std::array<wide, 39> result{};
  wide x = 1;
  for (auto& power : result) {
    power = x;
    x *= 10;
  }
  return result;
}();

constexpr std::array<uint64_t, 9> small_powers{
  1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

constexpr bool is_digit(char ch) noexcept {
  return ch >= '0' && ch <= '9';
}

/// Scans "e-05" behind a mantissa.
bool scan_exponent(const char*& i, const char* end, int32_t& scale) noexcept {
  ++i;
  bool negative = i != end && *i == '-';
  if (i != end && (*i == '-' || *i == '+'))
    ++i;
  if (i == end || !is_digit(*i))
    return false;
  int32_t exponent = 0;
  for (; i != end && is_digit(*i); ++i)
    exponent = std::min(exponent * 10 + (*i - '0'), largest_exponent);
  scale += negative ? exponent : -exponent;
  return true;
}

/// Scans all digits, as many as there are.
bool scan_slowly(const char*& i, const char* end, scanned_decimal& x) noexcept {
  int kept = 0;
  size_t seen = 0;
  bool fraction = false;
  for (; i != end; ++i) {
    if (*i == '.' && !fraction) {
      fraction = true;
      continue;
    }
    if (!is_digit(*i))
      break;
    ++seen;
    if (kept < most_digits) {
      x.mantissa = x.mantissa * 10 + static_cast<unsigned>(*i - '0');
      kept += x.mantissa != 0 ? 1 : 0;
      x.scale += fraction ? 1 : 0;
    } else if (!fraction) {
      x.scale -= 1;
    }
  }
  if (seen == 0)
    return false;
  if (i != end && (*i == 'e' || *i == 'E'))
    return scan_exponent(i, end, x.scale);
  return true;
}

/// A fraction of integers: value = numerator / denominator, in steps.
struct ratio {
  wide numerator = 0;
  wide denominator = 1;
  bool too_large = false;
};

/// @returns |x| in units of `step_e8` as a fraction of 128-bit integers.
ratio in_steps(const scanned_decimal& x, int64_t step_e8) noexcept {
  if (x.mantissa == 0)
    return {};
  // steps = mantissa * 10^(8 - scale) / step
  auto shift = 8 - x.scale;
  auto step = static_cast<wide>(step_e8);
  if (shift >= 0) {
    if (shift >= static_cast<int32_t>(powers.size())
        || x.mantissa > ~wide{0} / powers[shift])
      return {0, 1, true};
    return {x.mantissa * powers[shift], step, false};
  }
  if (-shift >= static_cast<int32_t>(powers.size())
      || step > ~wide{0} / powers[-shift])
    return {0, 1, false};
  return {x.mantissa, step * powers[-shift], false};
}

bool fits(wide x) noexcept {
  return x <= static_cast<wide>(std::numeric_limits<int64_t>::max());
}

/// @returns |x| in units of 1e-8 if it is whole and has less than 63 bits: the
///          case of nearly every number in a file.
std::optional<uint64_t> small_e8(const scanned_decimal& x) noexcept {
  if (x.scale < 0 || x.scale > 8)
    return std::nullopt;
  auto product = x.mantissa * small_powers[8 - x.scale];
  if ((x.mantissa >> 64) != 0 || !fits(product))
    return std::nullopt;
  return static_cast<uint64_t>(product);
}

} // namespace

std::optional<scanned_decimal> scan_decimal(std::string_view& rest) noexcept {
  auto i = rest.data();
  auto end = i + rest.size();
  scanned_decimal result;
  result.negative = i != end && *i == '-';
  if (result.negative)
    ++i;
  auto start = i;
  uint64_t mantissa = 0;
  for (; i != end && is_digit(*i); ++i)
    mantissa = mantissa * 10 + static_cast<uint64_t>(*i - '0');
  auto digits = i - start;
  if (digits > 0 && i != end && *i == '.') {
    auto point = i++;
    for (; i != end && is_digit(*i); ++i)
      mantissa = mantissa * 10 + static_cast<uint64_t>(*i - '0');
    result.scale = static_cast<int32_t>(i - point) - 1;
    digits += result.scale;
  }
  result.mantissa = mantissa;
  // 19 digits fit into 64 bits; everything unusual is read again with care.
  if (digits == 0 || digits > 19 || (i != end && *i != ',')) {
    i = start;
    result.mantissa = 0;
    result.scale = 0;
    if (!scan_slowly(i, end, result) || (i != end && *i != ','))
      return std::nullopt;
  }
  rest.remove_prefix(static_cast<size_t>(i - rest.data()));
  return result;
}

int compare_e8(const scanned_decimal& x, int64_t e8) noexcept {
  if (auto small = small_e8(x)) {
    auto other = static_cast<uint64_t>(e8);
    return *small == other ? 0 : (*small < other ? -1 : 1);
  }
  auto r = in_steps(x, 1);
  if (r.too_large)
    return 1;
  auto whole = r.numerator / r.denominator;
  auto limit = static_cast<wide>(e8);
  if (whole != limit)
    return whole < limit ? -1 : 1;
  return r.numerator % r.denominator == 0 ? 0 : 1;
}

std::optional<step_count> nearest_steps(const scanned_decimal& x,
                                        int64_t step_e8) noexcept {
  auto step = static_cast<uint64_t>(step_e8);
  if (auto e8 = small_e8(x)) {
    auto rest = *e8 % step;
    auto up = rest >= step - rest && rest != 0 ? 1U : 0U;
    return step_count{static_cast<int64_t>(*e8 / step + up), rest == 0};
  }
  auto r = in_steps(x, step_e8);
  auto rest = r.numerator % r.denominator;
  auto count = r.numerator / r.denominator
               + (rest != 0 && rest >= r.denominator - rest ? 1 : 0);
  // A number too small for the fraction counts as zero steps, inexactly.
  auto exact = rest == 0 && (r.numerator != 0 || x.mantissa == 0);
  if (r.too_large || !fits(count))
    return std::nullopt;
  return step_count{static_cast<int64_t>(count), exact};
}

std::optional<int64_t> whole_steps(const scanned_decimal& x,
                                   int64_t step_e8) noexcept {
  if (auto e8 = small_e8(x))
    return static_cast<int64_t>(*e8 / static_cast<uint64_t>(step_e8));
  auto r = in_steps(x, step_e8);
  auto count = r.numerator / r.denominator;
  if (r.too_large || !fits(count))
    return std::nullopt;
  return static_cast<int64_t>(count);
}

std::string quoted_field(std::string_view rest) {
  auto field = rest.substr(0, rest.find(','));
  std::string result = "\"";
  for (auto ch : field.substr(0, 40))
    result += ch >= ' ' && ch < '\x7f' && ch != '"' ? ch : '?';
  return result + (field.size() > 40 ? "...\"" : "\"");
}

} // namespace qalpha
