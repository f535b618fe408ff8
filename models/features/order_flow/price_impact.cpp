#include "models/features/order_flow/price_impact.hpp"

#include "models/features/feature.hpp"

#include <algorithm>
#include <cmath>

namespace qalpha {

namespace {

/// Puts in what follows from the residuals.
/// @param xx squares of x that the slope was divided by
/// @param yy squares of y that were to be explained
/// @param xy products
/// @param freedom values less parameters
fitted_line judge(double xx, double xy, double yy, double freedom) noexcept {
  if (!(xx > 0) || freedom < 0)
    return {undefined, undefined, undefined, undefined, undefined, undefined};
  auto slope = xy / xx;
  auto residual = std::max(yy - slope * xy, 0.0);
  auto variance = freedom > 0 ? residual / freedom : undefined;
  auto error = std::sqrt(variance / xx);
  auto explained = yy > 0 ? std::min(slope * xy / yy, 1.0) : 0.0;
  return {slope, error, error > 0 ? slope / error : undefined, 0, 0, explained};
}

} // namespace

fitted_line line_of(const pair_moments& xy) noexcept {
  auto result = judge(xy.xx, xy.xy, xy.yy, xy.count - 2);
  if (std::isnan(result.slope))
    return result;
  result.constant = xy.mean_y - result.slope * xy.mean_x;
  result.constant_error = result.slope_error
                          * std::sqrt(xy.xx / xy.count + xy.mean_x * xy.mean_x);
  return result;
}

fitted_line line_through_origin(const pair_moments& xy) noexcept {
  return judge(xy.xx + xy.count * xy.mean_x * xy.mean_x,
               xy.xy + xy.count * xy.mean_x * xy.mean_y,
               xy.yy + xy.count * xy.mean_y * xy.mean_y, xy.count - 1);
}

fitted_line kyle_lambda::update(double signed_volume,
                                double price_change) noexcept {
  if (std::isfinite(signed_volume) && std::isfinite(price_change))
    known_ = pairs_.add(pair_moments::of(signed_volume, price_change));
  return line_of(known_);
}

double impact(const fitted_line& x) noexcept {
  return x.slope > 0 ? x.slope : 0.0;
}

void roll_spread::update(double px) noexcept {
  if (!std::isfinite(px))
    return;
  if (last_) {
    auto change = px - *last_;
    if (last_change_)
      known_ = pairs_.add(pair_moments::of(change, *last_change_));
    last_change_ = change;
  }
  last_ = px;
}

double roll_spread::covariance() const noexcept {
  return known_.count > 1 ? known_.xy / (known_.count - 1) : undefined;
}

double roll_spread::spread() const noexcept {
  auto both = covariance();
  return both < 0 ? 2 * std::sqrt(-both) : undefined;
}

double amihud_illiquidity::update(double log_return,
                                  double quote_volume) noexcept {
  auto ratio = std::abs(log_return) / quote_volume;
  if (quote_volume > 0 && std::isfinite(ratio))
    known_ = ratios_.add(moments::of(ratio));
  return known_.count > 0 ? known_.mean : undefined;
}

} // namespace qalpha
