// Division by the step of an instrument without a division.

#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>

namespace qalpha {

/// Turns the digits of a decimal into whole steps: `steps(6149650, 2)` is
/// 614965 for a step of 0.1. A step that divides a number exactly is divided by
/// with one multiplication: modulo 2^64 the odd part of a divisor has an
/// inverse, and what is no multiple becomes larger than any quotient can be.
class step_scale {
public:
  static constexpr unsigned most_places = 8;

  /// @pre `step_e8 > 0`
  explicit constexpr step_scale(int64_t step_e8) {
    for (unsigned places = 0; places <= most_places; ++places)
      rows_[places] = row_of(static_cast<uint64_t>(step_e8),
                             powers[most_places - places]);
  }

  /// Any number of at most this many digits is in range.
  static constexpr unsigned safe_digits = 10;

  /// @returns `digits * 10^-places` in steps, or -1 if that is no whole number.
  /// @pre `places <= most_places`, and `digits` is at most `largest(places)`
  constexpr int64_t steps(uint64_t digits, unsigned places) const noexcept {
    const auto& row = rows_[places];
    auto result = std::rotr(digits * row.inverse, row.twos);
    return result <= row.largest ? static_cast<int64_t>(result) : -1;
  }

  /// @returns the largest digits whose value is in the range of decimals in
  ///          units of 1e-8.
  static constexpr uint64_t largest(unsigned places) noexcept {
    return static_cast<uint64_t>(std::numeric_limits<int64_t>::max())
           / powers[most_places - places];
  }

  static constexpr std::array<uint64_t, most_places + 1> powers{
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

private:
  struct row {
    uint64_t inverse = 1;
    uint64_t largest = 0;
    int twos = 0;
  };

  /// Digits times `unit` are divided by `step`.
  static constexpr row row_of(uint64_t step, uint64_t unit) noexcept {
    auto common = std::gcd(step, unit);
    auto factor = unit / common;
    auto divisor = step / common;
    row result;
    result.twos = std::countr_zero(divisor);
    result.largest = static_cast<uint64_t>(std::numeric_limits<int64_t>::max())
                     / divisor;
    result.inverse = factor * inverse_of(divisor >> result.twos);
    return result;
  }

  /// Newton's iteration: each step doubles the bits that are right.
  static constexpr uint64_t inverse_of(uint64_t odd) noexcept {
    auto result = odd; // right in three bits
    for (auto i = 0; i < 5; ++i)
      result *= 2 - odd * result;
    return result;
  }

  std::array<row, most_places + 1> rows_{};
};

} // namespace qalpha
