// Decimal numbers in text, exact and fast.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// mantissa × 10^-scale, with the sign apart.
struct scanned_decimal {
  unsigned __int128 mantissa = 0;
  int32_t scale = 0;
  bool negative = false;
};

/// Scans plain or scientific notation up to a comma or the end of `rest`, which
/// is then left at the comma. More than 30 significant digits are cut, which is
/// far below any tick. No blanks, "nan", "inf" or hexadecimal.
/// @returns `nullopt` for anything else; `rest` is then unspecified.
std::optional<scanned_decimal> scan_decimal(std::string_view& rest) noexcept;

/// Scans what nearly every number in a file is: at most ten digits, and at most
/// eight behind a point, up to a comma or the end of `rest`, which is then left
/// there.
/// @returns the number in units of 1e-8, or `nullopt` and an unchanged `rest`.
inline std::optional<int64_t> scan_small_e8(std::string_view& rest) noexcept {
  constexpr int64_t powers[]
    = {100'000'000, 10'000'000, 1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
  auto begin = rest.data();
  auto end = begin + rest.size();
  auto i = begin;
  // Unsigned: too many digits wrap around without harm and are refused below.
  auto digits = [&i, end](uint64_t value) {
    for (; i != end && *i >= '0' && *i <= '9'; ++i)
      value = value * 10 + static_cast<uint64_t>(*i - '0');
    return value;
  };
  auto value = digits(0);
  auto whole = i - begin;
  ptrdiff_t places = 0;
  if (whole > 0 && i != end && *i == '.') {
    auto point = i++;
    value = digits(value);
    places = i - point - 1;
  }
  if (whole == 0 || whole > 10 || places > 8 || (i != end && *i != ','))
    return std::nullopt;
  rest.remove_prefix(static_cast<size_t>(i - begin));
  return static_cast<int64_t>(value) * powers[places];
}

/// Scans a whole number of at most 19 digits up to a comma or the end of
/// `rest`, which is then left there.
/// @returns `nullopt` for anything else; `rest` is then unspecified.
inline std::optional<uint64_t> scan_whole(std::string_view& rest) noexcept {
  uint64_t result = 0;
  size_t i = 0;
  for (; i < rest.size() && rest[i] >= '0' && rest[i] <= '9'; ++i)
    result = result * 10 + static_cast<uint64_t>(rest[i] - '0');
  if (i == 0 || i > 19 || (i < rest.size() && rest[i] != ','))
    return std::nullopt;
  rest.remove_prefix(i);
  return result;
}

/// @returns a number with the sign of |x| - e8 × 1e-8.
/// @pre `e8 >= 0`
int compare_e8(const scanned_decimal& x, int64_t e8) noexcept;

/// A number of steps and whether it is all of the number.
struct step_count {
  int64_t count = 0;
  bool exact = true;
};

/// @returns |x| / step rounded half up, or `nullopt` beyond 64 bits.
/// @pre `step_e8 > 0`
std::optional<step_count> nearest_steps(const scanned_decimal& x,
                                        int64_t step_e8) noexcept;

/// @returns |x| / step rounded toward zero, or `nullopt` beyond 64 bits.
/// @pre `step_e8 > 0`
std::optional<int64_t> whole_steps(const scanned_decimal& x,
                                   int64_t step_e8) noexcept;

/// @returns the field at the front of `rest` in quotes, at most 40 characters,
///          without control characters.
std::string quoted_field(std::string_view rest);

} // namespace qalpha
