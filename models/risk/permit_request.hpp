// How an executor asks for a permit and hears "no".

#pragma once

#include "models/execution/decision.hpp"
#include "models/execution/order.hpp"

namespace qalpha {

/// Query: may I send this order? EXECUTOR → RISK DESK.
struct permit_request {
  order_id id;
  decision_id decision;
  side direction = side::buy;
  quantity size;
  /// Price around which the order will be placed.
  price reference;
  bool reduce_only = false;
  utc_time time;

  friend bool operator==(const permit_request&, const permit_request&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, permit_request& x) {
    return f(caf::meta::type_name("permit_request"), x.id, x.decision,
             x.direction, x.size, x.reference, x.reduce_only, x.time);
  }
};

/// Reply: no, because `value` is beyond the `limit` of `gate`. RISK DESK →
/// EXECUTOR. Units as in `decision_outcome`.
struct permit_refused {
  order_id id;
  decision_id decision;
  risk_gate gate = risk_gate::none;
  int64_t value = 0;
  int64_t limit = 0;
  utc_time time;

  friend bool operator==(const permit_refused&, const permit_refused&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, permit_refused& x) {
    return f(caf::meta::type_name("permit_refused"), x.id, x.decision, x.gate,
             x.value, x.limit, x.time);
  }
};

/// Fact: an order can no longer be filled, or its fate is now (un)known; the
/// desk releases or keeps what it reserved. EXECUTOR → RISK DESK.
struct order_settled {
  order_id id;
  order_status status = order_status::cancelled;
  utc_time time;

  friend bool operator==(const order_settled&, const order_settled&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, order_settled& x) {
    return f(caf::meta::type_name("order_settled"), x.id, x.status, x.time);
  }
};

} // namespace qalpha
