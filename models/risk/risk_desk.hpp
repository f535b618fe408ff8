// The machine behind the RISK DESK: the one owner of the account's exposure and
// the only source of permits.

#pragma once

#include "models/evaluation/equity_curve.hpp"
#include "models/execution/decision.hpp"
#include "models/execution/ledger.hpp"
#include "models/machine/sink.hpp"
#include "models/market/feed_health.hpp"
#include "models/market/quote.hpp"
#include "models/risk/account_state.hpp"
#include "models/risk/exposure.hpp"
#include "models/risk/limits.hpp"
#include "models/risk/permit_request.hpp"
#include "models/risk/trading_state.hpp"

#include <cstdint>
#include <deque>
#include <vector>

namespace qalpha {

/// Judges every order before it exists, in this order of gates: trading state,
/// feed, mark, equity, size, duplicate, unknown order, order rate, price
/// collar, and, for orders that add exposure, order notional, minimum notional,
/// position notional and gross leverage, both with every open order filled.
/// Orders that can only reduce a position pass the last four always.
///
/// A permit reserves its size until the executor says that the order can no
/// longer be filled.
class risk_desk {
public:
  using effects
    = sink<permit, permit_refused, account_view, account_state, closed_trade>;

  /// @pre `instruments` outlives the desk
  risk_desk(const universe& instruments, risk_limits limits, money start);

  // -- recovery ---------------------------------------------------------------

  /// Continues with the positions and the peak of an earlier life.
  void restore(const std::vector<position>& positions, money peak);

  /// Reserves for an order that was open in an earlier life.
  void restore(const order_id& id, side direction, quantity remaining,
               bool unknown);

  // -- from EXECUTOR ----------------------------------------------------------

  void step(const permit_request& query, effects& out);
  void step(const order_settled& fact, effects& out);
  void step(const fill& fact, effects& out);
  void step(const funding_payment& fact, effects& out);

  // -- from FEED --------------------------------------------------------------

  void step(const mark_updated& fact, effects&) {
    ledger_.mark(fact.symbol, fact.mark);
    curve_.add(fact.time, ledger_.equity());
  }

  void step(const feed_health& fact, effects& out);

  // -- from ALLOCATOR ---------------------------------------------------------

  void step(const account_query& query, effects& out);

  // -- from GUARDIAN ----------------------------------------------------------

  void step(const state_changed& fact, effects& out);

  // -- time -------------------------------------------------------------------

  /// Tells the account's state if the last one is a second old.
  void step(utc_time now, effects& out);

  // -- view -------------------------------------------------------------------

  account_state account(utc_time now) const;

  const ledger& books() const noexcept {
    return ledger_;
  }

  const equity_curve& curve() const noexcept {
    return curve_;
  }

  equity_curve& curve() noexcept {
    return curve_;
  }

private:
  // What a gate found: `gate == none` means pass.
  struct verdict {
    risk_gate gate = risk_gate::none;
    int64_t value = 0;
    int64_t limit = 0;
  };

  struct slot {
    exposure_book exposure;
    bool live = false;
    std::deque<utc_time> orders;
  };

  verdict judge(const permit_request& query) const;
  verdict judge_state(const permit_request& query) const;
  verdict judge_order(const permit_request& query) const;
  verdict judge_exposure(const permit_request& query) const;
  bool only_reduces(const permit_request& query) const;
  money worst_gross(const permit_request& query) const;
  uint32_t open_orders() const;

  const universe* instruments_;
  risk_limits limits_;
  ledger ledger_;
  equity_curve curve_;
  std::vector<slot> slots_;
  trading_state state_ = trading_state::starting;
  bool flatten_ = false;
  uint64_t gate_epoch_ = 0;
  utc_time last_state_;
};

} // namespace qalpha
