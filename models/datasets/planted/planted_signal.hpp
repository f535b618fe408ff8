// A market with a predictable part that is known in closed form.

#pragma once

#include "models/datasets/planted/planted_bars.hpp"
#include "models/machine/fallible.hpp"

#include <cstddef>
#include <optional>

namespace qalpha {

/// Returns that follow what takers did in the bar before:
///
///     s[t]   = persistence s[t-1] + noise         of variance 1, observable as
///                                                 the takers' share of volume
///     r[t+1] = correlation deviation s[t] + v[t+1] e[t+1]
///
/// The volatility v clusters: its square is a GARCH(1,1) process of the noise
/// alone, so that s says nothing about it.
struct planted_signal {
  planted_shape shape;
  /// Of the next return with the best forecast of it; 0: a random walk with
  /// clusters of volatility.
  double correlation = 0.2;
  double persistence = 0.9;
  /// Of all returns.
  double deviation = 0.01;
  /// What a square of the noise adds to the next variance, and what is kept of
  /// the last one.
  double shock = 0.08;
  double memory = 0.9;
};

/// @returns a fault naming what is out of range.
std::optional<fault> check(const planted_signal& market);

/// @pre `!check(market)`
market_rows plant(const planted_signal& market);

/// @returns the largest correlation that any forecast can have with the return
///          over `ahead` bars: that of its conditional mean. With persistence p
///          and a = correlation deviation this is a A / sqrt(a^2 V + n u^2),
///          where A = 1 + p + ... + p^(n-1) is what one s still does in n bars,
///          V the variance of the sum of n values of s, u^2 that of the noise.
double attainable_correlation(const planted_signal& market, size_t ahead);

} // namespace qalpha
