// How actors write down what must survive them.

#pragma once

#include "models/execution/decision.hpp"
#include "models/execution/ledger.hpp"
#include "models/execution/order.hpp"
#include "models/risk/account_state.hpp"
#include "models/risk/trading_state.hpp"

#include <cstdint>
#include <vector>

namespace qalpha {

/// An order that may still change the position.
struct open_order {
  order_intent intent;
  order_status status = order_status::intent;
  quantity filled;

  friend bool operator==(const open_order&, const open_order&) = default;
};

/// What a component of one symbol needs to continue.
struct symbol_memory {
  std::vector<open_order> orders;
  /// Last sequence minted for an order of this symbol in the current epoch.
  uint32_t last_order = 0;
  /// Last decision of this symbol in any epoch.
  uint64_t last_decision = 0;
  /// Wanted exposure and target of that decision; zero before the first.
  exposure last_exposure;
  quantity last_target;
};

/// What the risk desk needs to continue.
struct account_memory {
  /// Position, cost, realised, fees, funding and last journaled mark by symbol.
  std::vector<position> positions;
  money start;
  money peak;
};

/// The source of truth for intents, orders, fills, halts and decisions. All
/// members may be called from any actor; each returns after the record is safe
/// against the death of the process.
///
/// Errors: a record that cannot be written throws `std::runtime_error` with the
/// reason. The caller does not catch it: an actor that cannot journal must not
/// act, and its supervisor escalates.
class journal {
public:
  virtual ~journal() = default;

  virtual void append(const decision& fact) = 0;
  virtual void append(const decision_outcome& fact) = 0;
  virtual void append(const order_intent& fact) = 0;
  virtual void append(const order_report& fact) = 0;

  /// @returns `false` if this execution is in the journal already, in which
  ///          case the caller must not count it again.
  virtual bool append(const fill& fact) = 0;

  /// @returns `false` if the payment of this symbol and time is known already.
  virtual bool append(const funding_payment& fact) = 0;

  virtual void append(const state_changed& fact) = 0;

  /// Keeps peak equity and marks, so that they continue after a restart.
  virtual void append(const account_state& fact) = 0;

  virtual symbol_memory recall(symbol_id symbol) = 0;
  virtual account_memory recall_account() = 0;

  /// @returns the last state that was journaled, `starting` if none was.
  virtual state_changed recall_state() = 0;
};

} // namespace qalpha
