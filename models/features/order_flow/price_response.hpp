// How the close answers to what flows, over the last rows.

#pragma once

#include "models/features/order_flow/price_impact.hpp"
#include "models/features/rolling/folds.hpp"
#include "models/features/rolling/lag.hpp"
#include "models/features/rolling/window_fold.hpp"
#include "models/features/row_feature.hpp"

#include <cmath>
#include <cstddef>

namespace qalpha {

/// A line through changes of the close by flow.
class price_response {
public:
  explicit price_response(size_t period) : pairs_(period) {
    // nop
  }

  /// @returns its slope and that divided by its error; undefined while there
  ///          are too few rows.
  row_values<2> add(double close, double flow) noexcept {
    auto change = close - last_.replace(close);
    if (std::isnan(change))
      return {undefined, undefined};
    auto fit = line_of(pairs_.add(pair_moments::of(flow, change)));
    if (!pairs_.full())
      return {undefined, undefined};
    return {fit.slope, fit.slope_t};
  }

private:
  lag last_{1};
  window_fold<pair_moments> pairs_;
};

} // namespace qalpha
