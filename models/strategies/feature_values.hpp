// Rules about features.

#pragma once

#include <cmath>
#include <span>
#include <string>

namespace qalpha {

/// Prices and means of prices that differ by no more than this part of one of
/// them differ by the rounding of sums alone.
inline constexpr double rounding = 1e-12;

/// @returns whether `a > b` is more than rounding.
/// @pre `b` is a price or a mean of prices
constexpr bool clearly_above(double a, double b) noexcept {
  return a - b > rounding * b;
}

/// @returns whether every feature has a value.
inline bool all_defined(std::span<const double> values) noexcept {
  for (auto x : values)
    if (std::isnan(x))
      return false;
  return true;
}

/// @returns a value for people, without what is only rounding: the text is part
///          of a run's hash.
std::string value_text(double x);

} // namespace qalpha
