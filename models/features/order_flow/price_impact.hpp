// How far trades move the price, and what that says about the spread.

#pragma once

#include "models/features/rolling/folds.hpp"
#include "models/features/rolling/window_fold.hpp"

#include <cstddef>
#include <optional>

namespace qalpha {

/// A line fitted by least squares, with the quality of the fit. Undefined (NaN)
/// where x does not vary or there are too few values for an error.
struct fitted_line {
  double slope;
  double slope_error;
  /// `slope / slope_error`; undefined for a perfect fit.
  double slope_t;
  double constant;
  double constant_error;
  /// Share of the variance that it explains, 0 to 1; 0 if y does not vary.
  double explained;
};

/// Fits `y = constant + slope * x`.
fitted_line line_of(const pair_moments& xy) noexcept;

/// Fits `y = slope * x`; its constant is 0, and what it explains is a share of
/// the squares of y.
fitted_line line_through_origin(const pair_moments& xy) noexcept;

/// Kyle's lambda (1985): change of price a unit of signed volume, over the last
/// intervals.
class kyle_lambda {
public:
  /// @pre `window > 0`
  explicit kyle_lambda(size_t window) : pairs_(window) {
    // nop
  }

  /// Takes the next interval. One that is not finite is left out.
  /// @returns the fit over the last intervals. The slope can be negative where
  ///          there are few: see `impact`.
  fitted_line update(double signed_volume, double price_change) noexcept;

private:
  window_fold<pair_moments> pairs_;
  pair_moments known_;
};

/// @returns the slope for use as a cost: 0 where it is negative or undefined.
double impact(const fitted_line& x) noexcept;

/// Roll (1984): the spread that the bounce of trades between bid and ask
/// betrays.
class roll_spread {
public:
  /// @param window pairs of changes that follow each other
  /// @pre `window > 1`
  explicit roll_spread(size_t window) : pairs_(window) {
    // nop
  }

  /// Takes the next price; one that is not finite is left out.
  void update(double px) noexcept;

  /// @returns the sample covariance of changes and those before them; undefined
  ///          for fewer than two pairs.
  double covariance() const noexcept;

  /// @returns `2 * sqrt(-covariance)`; undefined where the covariance is not
  ///          negative: the prices do not bounce.
  double spread() const noexcept;

private:
  window_fold<pair_moments> pairs_;
  pair_moments known_;
  std::optional<double> last_;
  std::optional<double> last_change_;
};

/// Amihud (2002): magnitude of the return a unit of money traded, averaged over
/// the last intervals.
class amihud_illiquidity {
public:
  /// @pre `window > 0`
  explicit amihud_illiquidity(size_t window) : ratios_(window) {
    // nop
  }

  /// Takes the next interval. One without money, or not finite, is left out.
  /// @param log_return of the interval
  /// @param quote_volume money traded in it
  /// @returns the average; undefined before the first interval that counts.
  double update(double log_return, double quote_volume) noexcept;

private:
  window_fold<moments> ratios_;
  moments known_;
};

} // namespace qalpha
