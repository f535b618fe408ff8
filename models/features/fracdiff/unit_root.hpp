// The augmented Dickey-Fuller test: does a series have a unit root?

#pragma once

#include "models/machine/fallible.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>

namespace qalpha {

/// What the series may do besides: nothing, have a mean, a linear trend, a
/// quadratic one.
enum class adf_regression {
  none,
  constant,
  trend,
  quadratic_trend,
};

/// How many lagged differences enter.
enum class adf_lag_rule {
  /// `max_lag` of them.
  fixed,
  /// Least Akaike criterion.
  aic,
  /// Least Bayesian criterion.
  bic,
  /// The longest whose last lag has a t-ratio significant at 10 %.
  t_statistic,
};

struct adf_options {
  adf_regression regression = adf_regression::constant;
  adf_lag_rule lag_rule = adf_lag_rule::aic;
  /// By default Schwert's 12 * (n/100)^(1/4), rounded up.
  std::optional<size_t> max_lag;
};

enum class adf_outcome {
  tested,
  /// The regressors depend on each other, as those of a constant series do:
  /// there is no statistic.
  rank_deficient,
  /// As many regressors as observations: the statistic says nothing.
  saturated,
};

struct adf_result {
  adf_outcome outcome = adf_outcome::rank_deficient;
  /// t-ratio of the level; undefined if rank deficient.
  double statistic;
  /// Of MacKinnon (1994); undefined if rank deficient.
  double p_value;
  /// Lagged differences in the regression.
  size_t lag;
  size_t observations;
  /// Of MacKinnon (2010), at 1 %, 5 % and 10 %.
  std::array<double, 3> critical_values;
  /// Best value of the rule that chose the lag.
  std::optional<double> criterion;

  /// @returns whether a unit root is ruled out at the level; what could not be
  ///          tested counts as not stationary.
  bool is_stationary(double level = 0.05) const noexcept {
    return outcome == adf_outcome::tested && p_value < level;
  }
};

/// Tests as `adfuller` of statsmodels 0.13 does. The normal equations of all
/// lags share one matrix, whose diagonals follow from their first element; a
/// matrix near to singular is made again in extended precision.
/// @returns a fault if a value is not finite or the sample is too short.
fallible<adf_result> adf_test(std::span<const double> series,
                              const adf_options& options = {});

/// @returns the approximate p-value of a statistic.
double mackinnon_p_value(double statistic, adf_regression regression) noexcept;

/// @returns critical values at 1 %, 5 % and 10 %.
std::array<double, 3> mackinnon_critical_values(adf_regression regression,
                                                size_t observations) noexcept;

} // namespace qalpha
