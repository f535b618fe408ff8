// How an executor turns a target into orders.

#pragma once

#include "models/execution/order.hpp"
#include "models/market/time.hpp"

namespace qalpha {

/// Settings of an executor.
struct execution_settings {
  /// `market` takes at once and pays the taker fee. `post_only` rests at the
  /// best price of its own side and pays the maker fee, if it is filled.
  order_kind kind = order_kind::market;

  /// How long a resting order may wait before it is cancelled and placed anew
  /// at the then best price. Unused by `market`.
  timespan chase_after = std::chrono::seconds{5};

  friend bool operator==(const execution_settings&, const execution_settings&)
    = default;
};

} // namespace qalpha
