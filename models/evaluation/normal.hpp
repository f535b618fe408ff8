// The standard normal distribution.

#pragma once

namespace qalpha {

/// @returns the probability of a value up to `x`.
double normal_probability(double x);

/// @returns the value that is exceeded with probability 1 − `p`; infinite at 0
///          and 1.
/// @pre `0 <= p && p <= 1`
double normal_quantile(double p);

} // namespace qalpha
