// A bar of the market as those who play positions take it.

#pragma once

#include "models/market/bar.hpp"
#include "models/outlook/guarded_position.hpp"

namespace qalpha {

/// @returns the prices of a bar in ticks.
inline bar_prices prices_of(const bar& x) noexcept {
  return {static_cast<double>(x.open.ticks), static_cast<double>(x.high.ticks),
          static_cast<double>(x.low.ticks), static_cast<double>(x.close.ticks)};
}

} // namespace qalpha
