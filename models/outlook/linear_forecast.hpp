// The plainest model that learns: a line through features, in units of the
// volatility of the moment. What a larger model has to beat.

#pragma once

#include "models/features/feature_spec.hpp"
#include "models/machine/fallible.hpp"
#include "models/outlook/forecast_maker.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace qalpha {

/// What a linear model reads and says.
struct linear_forecast_settings {
  feature_spec features;
  /// Bars ahead.
  size_t horizon = 24;
  /// Between 0 and 1, rising.
  std::vector<double> levels;
  /// Ridge penalty as a share of the variance of a column.
  double shrinkage = 0.01;
};

/// Divides the returns ahead by the volatility now (`ewma_volatility`), fits
/// one line a distance to all instruments together by ridge regression, and
/// takes the quantiles from what is left over in the training.
/// @returns a fault naming the setting that is out of range.
fallible<std::unique_ptr<forecast_maker>>
make_linear_forecasts(const linear_forecast_settings& settings);

} // namespace qalpha
