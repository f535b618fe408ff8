// A market that changes its kind, with the truth beside it.

#pragma once

#include "models/datasets/planted/planted_bars.hpp"
#include "models/machine/fallible.hpp"
#include "models/outlook/regime_model.hpp"

#include <optional>
#include <vector>

namespace qalpha {

/// Four kinds of market that take turns: rising and falling steadily, quiet
/// without direction, and wild without direction. After `shortest` bars a kind
/// ends with the same probability in each bar; which one follows is even
/// chance.
struct planted_regimes {
  planted_shape shape;
  size_t shortest = 100;
  /// Bars of a kind, on average.
  size_t mean_length = 500;
  /// Deviation of a return in a rising or falling market; half of that in a
  /// quiet one, four times that in a wild one.
  double volatility = 0.005;
  /// Mean return of a rising market in such deviations.
  double drift = 0.5;
};

/// Bars, and the kind of market in which each was made.
struct regime_history {
  market_rows rows;
  std::vector<regime> truth;
};

/// @returns a fault naming what is out of range.
std::optional<fault> check(const planted_regimes& market);

/// @pre `!check(market)`
regime_history plant(const planted_regimes& market);

} // namespace qalpha
