// What a simulated venue knows about an order.

#pragma once

#include "models/execution/order.hpp"

#include <string>
#include <vector>

namespace qalpha {

/// What the venue knows about one order.
struct venue_order {
  order_intent intent;
  order_status status = order_status::intent;
  quantity filled;
  /// When the order reached the matching engine.
  utc_time arrival;
  /// Quantity that stood before ours at our price when we arrived, less what
  /// has gone since.
  quantity queue_ahead;
  std::vector<fill> fills;
  /// Why the venue rejected or cancelled it; empty otherwise.
  std::string reason;

  const order_id& id() const noexcept {
    return intent.right.id;
  }

  side direction() const noexcept {
    return intent.right.direction;
  }

  quantity remaining() const noexcept {
    return intent.right.size - filled;
  }

  friend bool operator==(const venue_order&, const venue_order&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, venue_order& x) {
    return f(caf::meta::type_name("venue_order"), x.intent, x.status, x.filled,
             x.arrival, x.queue_ahead, x.fills, x.reason);
  }
};

} // namespace qalpha
