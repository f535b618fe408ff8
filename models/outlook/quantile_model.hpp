// What a forecasting model offers to those who trade.

#pragma once

#include "models/features/feature_spec.hpp"
#include "models/machine/fallible.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace qalpha {

/// What a forecast starts from, all as the feature pipeline gives it: the model
/// scales it by itself.
struct forecast_window {
  /// `lookback` rows of all columns of the plan, oldest first; all defined.
  std::span<const double> past;
  /// `horizon` rows of the columns known beforehand, next bar first.
  std::span<const double> known;
  /// Which of the model's series.
  size_t series = 0;
};

/// Distribution of what comes.
struct quantile_forecast {
  /// `horizon` rows of one value a level: log return from the last close to
  /// that of the h-th bar ahead, rising in each row.
  std::vector<double> quantiles;
  /// Share of each column of the plan in the answer, sum 1.
  std::vector<double> importance;
};

/// Sizes of a forecasting model.
struct quantile_model_shape {
  /// What `past` holds.
  feature_spec features;
  /// Columns of the plan that only need the time, as `known` has them.
  std::vector<std::string> known;
  size_t lookback = 0;
  size_t horizon = 0;
  /// Between 0 and 1, rising.
  std::vector<double> levels;
  /// Instruments it was trained on.
  std::vector<std::string> series;
};

/// A trained model. Not safe for several threads at a time.
class quantile_model {
public:
  virtual ~quantile_model() = default;

  virtual const quantile_model_shape& shape() const noexcept = 0;

  /// @returns a fault if the window has another size or a value that is not
  ///          finite, or if the answer is not finite: there is no forecast
  ///          then.
  virtual fallible<quantile_forecast> predict(const forecast_window& from) = 0;
};

} // namespace qalpha
