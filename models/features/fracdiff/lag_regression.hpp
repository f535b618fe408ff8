// The nested least-squares fits behind the unit root test.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace qalpha {

/// A series that is fitted with different numbers of lags.
struct series_to_fit {
  std::span<const double> values;
  /// 0 to 3: how many of 1, t and t^2 are fitted.
  size_t trends;
  /// Taken from each level; not 0 only if there is a trend to make up for it.
  double shift;

  size_t differences() const noexcept {
    return values.size() - 1;
  }

  double difference(size_t i) const noexcept {
    return values[i + 1] - values[i];
  }
};

/// Fits the differences by trends, level and the first 0, 1, ... `lags` lagged
/// differences, all on the rows at which every lag is known.
class lag_regression {
public:
  /// @pre `lags + 1 < series.differences()`
  lag_regression(const series_to_fit& series, size_t lags);

  size_t observations() const noexcept {
    return observations_;
  }

  size_t regressors(size_t lags) const noexcept {
    return trends_ + 1 + lags;
  }

  /// Whether some regressors are combinations of others.
  bool rank_deficient() const noexcept {
    return rank_deficient_;
  }

  /// Whether so many lags leave no degree of freedom.
  bool saturated(size_t lags) const noexcept {
    return regressors(lags) >= observations_;
  }

  /// @returns the sum of squared residuals with so many lags; never below 0.
  double residual_squares(size_t lags) const noexcept {
    return residual_squares_[lags];
  }

  /// @returns the t-ratio of the last regressor with so many lags: of the last
  ///          lag, or of the level if there are none.
  double last_t_ratio(size_t lags) const noexcept;

  /// @returns the t-ratio of the level with all lags.
  double level_t_ratio() const noexcept;

private:
  template <class Real>
  bool fit(const series_to_fit& series, size_t lags);

  size_t observations_;
  size_t trends_;
  bool rank_deficient_ = false;
  std::vector<double> residual_squares_;
  // Of each regressor from the level on: what it explains, as a signed root.
  std::vector<double> explained_;
  // Coefficient of the level by its standard error for residuals of size one.
  double level_ratio_ = 0;
};

} // namespace qalpha
