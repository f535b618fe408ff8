// The Kelly share of capital under a distribution given by quantiles.

#pragma once

#include <span>

namespace qalpha {

/// Settings of `quantile_kelly`.
struct quantile_kelly_settings {
  /// Of opening and closing, as a fraction of the position.
  double round_trip_cost = 0;
  /// Largest share of either sign.
  double cap = 5;
};

/// What the distribution says.
struct kelly_share {
  /// Share of capital that makes it grow fastest, negative for a short. Zero if
  /// no share makes it grow.
  double share = 0;
  /// Growth at that share, log return over the horizon.
  double growth = 0;
  /// Mean of the simple return.
  double mean = 0;
};

/// Maximises the mean of `ln(1 + f q - |f| cost)` over `f`: each quantile
/// stands for the probability between the middles to its neighbours, the outer
/// ones for all of their tail. Tails beyond them are not represented (MATHS,
/// section 10).
/// @param levels between 0 and 1, rising
/// @param returns simple returns at these levels, rising, above -1
/// @pre both have the same size, which is not zero; `cap > 0`
kelly_share quantile_kelly(std::span<const double> levels,
                           std::span<const double> returns,
                           const quantile_kelly_settings& settings);

} // namespace qalpha
