// How actors tell the outside what happens; nobody waits for an answer.

#pragma once

#include "messages/pulse.hpp"
#include "models/execution/decision.hpp"
#include "models/execution/ledger.hpp"
#include "models/execution/order.hpp"
#include "models/market/bar.hpp"
#include "models/market/feed_health.hpp"
#include "models/market/market_event.hpp"
#include "models/market/quote.hpp"
#include "models/outlook/outlook.hpp"
#include "models/risk/account_state.hpp"
#include "models/risk/alert.hpp"
#include "models/risk/trading_state.hpp"

#include <string>
#include <string_view>

namespace qalpha {

/// Collects round trips for reports. Called by the risk desk only.
class recorder {
public:
  virtual ~recorder() = default;

  virtual void record(const closed_trade& fact) = 0;
};

/// Tells people: console, log, later chat. Called by the notifier only, so that
/// a slow terminal delays nobody who trades.
class notices {
public:
  virtual ~notices() = default;

  virtual void show(const fill& fact) = 0;
  virtual void show(const funding_payment& fact) = 0;
  virtual void show(const decision_outcome& fact) = 0;
  virtual void show(const account_state& fact) = 0;
  virtual void show(const state_changed& fact) = 0;
  virtual void show(const alert& fact) = 0;
};

/// Takes the pulses that come out of the pipeline.
class pacemaker {
public:
  virtual ~pacemaker() = default;

  /// The executor of `symbol` is done with everything that was caused before
  /// the pulse. May be called from any actor; must not block.
  virtual void passed(symbol_id symbol, const pulse& fact) = 0;
};

/// Sees the market as the feeds do, to copy it for others. May be called from
/// any feed; must not block.
class market_witness {
public:
  virtual ~market_witness() = default;

  virtual void saw(const market_batch& batch) = 0;
  virtual void saw(const bar_closed& fact) = 0;
  virtual void saw(const feed_health& fact) = 0;
  virtual void saw(const quote& fact) = 0;
};

/// Sees what models say, to keep it. May be called from any actor that asks
/// one; must not block.
class model_witness {
public:
  virtual ~model_witness() = default;

  virtual void saw(const forecast_made& fact) = 0;
  virtual void saw(const regime_observed& fact) = 0;
  virtual void saw(const policy_advised& fact) = 0;
  virtual void saw(const model_silent& fact) = 0;
};

/// Takes incidents: errors that an actor survived, reasons why one died. May be
/// called from any actor; must not block.
class incident_log {
public:
  virtual ~incident_log() = default;

  virtual void report(std::string_view actor, const std::string& what) = 0;
};

} // namespace qalpha
