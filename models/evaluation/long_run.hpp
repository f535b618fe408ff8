// The error of a mean whose values overlap in time.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace qalpha {

/// @returns a lag for values that each look `horizon` steps ahead: twice the
///          overlap, since the weights fall to zero over it, and no less than
///          Newey and West's rule for a series of that length.
inline size_t long_run_lag(size_t count, size_t horizon) {
  auto rule = 4 * std::pow(static_cast<double>(count) / 100, 2.0 / 9);
  auto overlap = horizon > 0 ? 2 * (horizon - 1) : 0;
  return std::max(overlap, static_cast<size_t>(rule));
}

/// @returns the standard error of the mean of `xs` by Newey and West: the
///          autocovariances up to `lag`, weighted so that the result is never
///          negative.
/// @pre `xs` is not empty
inline double long_run_error(std::span<const double> xs, size_t lag) {
  auto count = static_cast<double>(xs.size());
  auto mean = 0.0;
  for (auto x : xs)
    mean += x / count;
  auto covariance = [&](size_t distance) {
    auto sum = 0.0;
    for (auto t = distance; t < xs.size(); ++t)
      sum += (xs[t] - mean) * (xs[t - distance] - mean);
    return sum / count;
  };
  auto variance = covariance(0);
  for (size_t i = 1; i <= std::min(lag, xs.size() - 1); ++i)
    variance += 2 * (1 - static_cast<double>(i) / static_cast<double>(lag + 1))
                * covariance(i);
  return std::sqrt(std::max(variance, 0.0) / count);
}

} // namespace qalpha
