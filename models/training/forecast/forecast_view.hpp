// Forecasts as pictures show them, as numbers and without LibTorch.

#pragma once

#include "models/datasets/training_set.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace qalpha {

/// How much a variable counted.
struct variable_share {
  std::string name;
  double share = 0;
};

/// One forecast beside what came.
struct forecast_fan {
  /// The instrument, and when the forecast was made.
  std::string series;
  int64_t time_ms = 0;
  /// Log returns from each close before to that of the forecast, the last one
  /// 0: where the price came from.
  std::vector<double> past;
  /// One row of levels a bar ahead: log returns from the close of the forecast.
  std::vector<double> quantiles;
  /// What came, one value a bar ahead.
  std::vector<double> came;
};

/// What a forecaster says of rows that it was not trained on.
struct forecast_view {
  /// Between 0 and 1, rising.
  std::vector<double> levels;
  /// For each level the share of targets at or below its quantile.
  std::vector<double> coverage;
  /// Targets that the coverage counts.
  size_t targets = 0;
  forecast_fan fan;
  /// Mean shares, sum 1 each: of what was observed or known of the past, and of
  /// what is known of the future.
  std::vector<variable_share> past;
  std::vector<variable_share> known;
};

/// @returns what there was before and after a window, without quantiles.
forecast_fan make_fan(const training_set& set, training_window x);

} // namespace qalpha
