// What forecasts of quantiles are worth, next to knowing nothing.

#pragma once

#include "models/evaluation/performance.hpp"
#include "models/machine/fallible.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace qalpha {

/// @returns the loss of saying that `quantile` is exceeded with probability
///          1 − `level`, when `outcome` came.
constexpr double pinball_loss(double outcome, double quantile, double level) {
  auto above = outcome - quantile;
  return above > 0 ? level * above : (level - 1) * above;
}

/// @param sorted rising, not empty
/// @returns the value at that level, between two neighbours in proportion.
double empirical_quantile(std::span<const double> sorted, double level);

/// @returns what somebody says who only knows the returns of the training: the
///          quantiles of those, and zero for the median, as a price that cannot
///          be known is expected to stay.
/// @param past returns over the horizon of the forecast, in any order
/// @pre `past` is not empty
std::vector<double> naive_quantiles(std::span<const double> past,
                                    std::span<const double> levels);

/// Forecasts of one distance and what came, oldest first.
struct forecast_record {
  /// Between 0 and 1, rising.
  std::vector<double> levels;
  /// One value a level for each outcome.
  std::vector<double> quantiles;
  /// The same of the naive forecast.
  std::vector<double> naive;
  std::vector<double> outcomes;
  /// Steps between a forecast and its outcome: that many outcomes less one
  /// overlap.
  size_t horizon = 1;
};

/// A figure and how far it may be off: one standard error that respects the
/// overlap.
struct estimate {
  figure value = fault{"not measured"};
  figure error = fault{"not measured"};
};

/// Of one level.
struct level_skill {
  double level = 0;
  /// Mean loss.
  double loss = 0;
  double naive_loss = 0;
  /// 2 Σ loss / Σ |outcome|.
  figure risk = fault{"not measured"};
  figure naive_risk = fault{"not measured"};
  /// Share of outcomes up to the quantile; of a good forecast, the level.
  estimate coverage;
};

/// Of all levels together.
struct forecast_skill {
  size_t count = 0;
  std::vector<level_skill> levels;
  /// 1 − mean loss / mean loss of the naive forecast: zero for no skill.
  estimate skill;
  /// Of the median (the level next to it) with the outcome.
  estimate correlation;
  /// Share of outcomes with the sign of the median, of those with a sign.
  figure hits = fault{"not measured"};
};

/// @returns a fault if sizes do not fit or there are fewer than two outcomes.
fallible<forecast_skill> measure_forecasts(const forecast_record& record);

/// @returns the correlation of two series and its error: that of the mean of
///          its influence values x̃ỹ − ρ (x̃² + ỹ²) / 2, so that neither normal
///          nor independent values are presumed.
estimate measure_correlation(std::span<const double> xs,
                             std::span<const double> ys, size_t lag);

} // namespace qalpha
