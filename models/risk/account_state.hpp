// The account at one moment.

#pragma once

#include "models/execution/ledger.hpp"
#include "models/market/money.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <vector>

namespace qalpha {

/// Fact: the account as the risk desk sees it. RISK DESK → JOURNAL, GUARDIAN,
/// NOTIFIER.
struct account_state {
  utc_time time;
  money equity;
  money peak;
  money cash;
  money unrealised;
  money realised;
  money fees;
  money funding;
  money gross;
  uint32_t open_orders = 0;
  /// By symbol index.
  std::vector<position> positions;

  friend bool operator==(const account_state&, const account_state&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, account_state& x) {
    return f(caf::meta::type_name("account_state"), x.time, x.equity, x.peak,
             x.cash, x.unrealised, x.realised, x.fees, x.funding, x.gross,
             x.open_orders, x.positions);
  }
};

} // namespace qalpha
