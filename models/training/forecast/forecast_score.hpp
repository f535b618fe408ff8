// What forecasts were worth, from what came.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace qalpha {

/// Forecasts beside what came, any number of each.
struct scored_forecasts {
  size_t horizon = 0;
  std::vector<double> levels;
  /// Horizon rows of levels for each forecast.
  std::vector<double> quantiles;
  /// Horizon values for each forecast.
  std::vector<double> targets;

  size_t size() const noexcept {
    return horizon == 0 ? 0 : targets.size() / horizon;
  }
};

/// @returns Pearson's correlation of two columns as long as each other, 0 if
/// one
///          does not vary.
double correlation_of(std::span<const double> x, std::span<const double> y);

/// @returns for each distance the correlation of the level next to a half with
///          what came.
std::vector<double> correlation_by_distance(const scored_forecasts& all);

/// @returns for each level the share of targets at or below their quantile.
std::vector<double> coverage_by_level(const scored_forecasts& all);

/// @returns the mean over targets of the sum over levels of the pinball loss.
double mean_pinball(const scored_forecasts& all);

/// @returns the same forecasts made by somebody who knows the targets of the
///          past only by their distribution at each distance.
/// @param past horizon values for each target
scored_forecasts naive_forecasts(const scored_forecasts& all,
                                 std::span<const double> past);

} // namespace qalpha
