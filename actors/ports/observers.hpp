// How actors tell the outside what happens; nobody waits for an answer.

#pragma once

#include "messages/pulse.hpp"
#include "models/execution/decision.hpp"
#include "models/execution/ledger.hpp"
#include "models/execution/order.hpp"
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

/// Takes incidents: errors that an actor survived, reasons why one died. May be
/// called from any actor; must not block.
class incident_log {
public:
  virtual ~incident_log() = default;

  virtual void report(std::string_view actor, const std::string& what) = 0;
};

} // namespace qalpha
