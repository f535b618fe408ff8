// How an executor makes sure that it believes what the venue believes.

#pragma once

#include "models/execution/order.hpp"

#include <vector>

namespace qalpha {

/// Query: position and open orders of a symbol. EXECUTOR → VENUE.
struct reconcile_query {
  symbol_id symbol;
  utc_time time;

  friend bool operator==(const reconcile_query&, const reconcile_query&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, reconcile_query& x) {
    return f(caf::meta::type_name("reconcile_query"), x.symbol, x.time);
  }
};

/// Reply to `reconcile_query`, complete or not sent at all. VENUE → EXECUTOR.
struct venue_snapshot {
  symbol_id symbol;
  utc_time time;
  quantity position;
  std::vector<order_id> open_orders;

  friend bool operator==(const venue_snapshot&, const venue_snapshot&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, venue_snapshot& x) {
    return f(caf::meta::type_name("venue_snapshot"), x.symbol, x.time,
             x.position, x.open_orders);
  }
};

/// Fact: orders and position of the symbol equal the venue's, or do not.
/// EXECUTOR → GUARDIAN.
struct symbol_reconciled {
  symbol_id symbol;
  utc_time time;
  bool equal = false;
  quantity ours;
  quantity theirs;

  friend bool operator==(const symbol_reconciled&, const symbol_reconciled&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, symbol_reconciled& x) {
    return f(caf::meta::type_name("symbol_reconciled"), x.symbol, x.time,
             x.equal, x.ours, x.theirs);
  }
};

} // namespace qalpha
