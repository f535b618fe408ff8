// The whole of a study on a market where there is nothing to find.

#pragma once

#include "runtime/study/study.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace qalpha {

/// A market without a memory but for its volatility.
struct random_walk_settings {
  size_t bars = 8'760;
  timespan bar_interval = std::chrono::hours{1};
  /// Deviation of the log return of a bar, on average.
  double volatility = 0.005;
  uint64_t seed = 1;
};

/// @returns one instrument with bars whose returns are normal, with a variance
///          that clusters, and independent of all before them; costs are zero,
///          so that none hide a finding.
backtest_input random_walk_market(const random_walk_settings& settings);

/// What one market gave.
struct random_walk_finding {
  uint64_t seed = 0;
  /// Of the best run that trades the forecasts, a year.
  figure sharpe = fault{"not measured"};
  figure certainty = fault{"not measured"};
  figure deflated = fault{"not measured"};
  /// Of the median at the largest distance.
  estimate correlation;
  uint64_t trades = 0;
  /// The deflated Sharpe ratio is significant.
  bool significant = false;
};

/// Studies one market a seed, from 1 on.
/// @param told after each market
fallible<std::vector<random_walk_finding>>
study_random_walks(size_t seeds, const random_walk_settings& shape,
                   const study_settings& settings, forecast_maker& maker,
                   const std::function<void(const random_walk_finding&)>& told
                   = {});

/// @returns the share of findings that are significant.
double significant_share(const std::vector<random_walk_finding>& findings);

} // namespace qalpha
