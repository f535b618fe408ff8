// The limits that every order passes.

#pragma once

#include "models/market/money.hpp"
#include "models/market/time.hpp"

#include <cstdint>

namespace qalpha {

/// Account limits. The defaults suit the demo; a live configuration states its
/// own. Nothing here can be switched off, only widened.
struct risk_limits {
  /// Largest value of one order.
  money max_order_notional{50'000 * money::scale};

  /// Largest value of one symbol's position with all its open orders filled.
  money max_position_notional{50'000 * money::scale};

  /// Largest Σ |worst case| / equity, in basis points (30'000 is 3x).
  int64_t max_gross_leverage_bps = 30'000;

  /// Largest distance of a price from the mark, in basis points. The same
  /// distance bounds the fills of market orders.
  int64_t price_collar_bps = 200;

  /// Orders per symbol within `order_window`.
  int64_t max_orders = 100;

  timespan order_window = std::chrono::seconds{10};

  /// Validity of a permit. Covers the way from the desk to the wire; a slower
  /// way means that something is wrong.
  timespan permit_life = std::chrono::seconds{5};
};

} // namespace qalpha
