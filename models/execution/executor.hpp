// The machine behind an EXECUTOR: target positions of one symbol in, orders
// out.

#pragma once

#include "models/execution/decision.hpp"
#include "models/execution/execution_settings.hpp"
#include "models/execution/order.hpp"
#include "models/execution/reconciliation.hpp"
#include "models/machine/sink.hpp"
#include "models/market/feed_health.hpp"
#include "models/market/instrument.hpp"
#include "models/market/quote.hpp"
#include "models/risk/permit_request.hpp"
#include "models/risk/trading_state.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace qalpha {

/// An order of this executor that can still change the position.
struct working_order {
  order_intent intent;
  order_status status = order_status::intent;
  quantity filled;
  bool cancel_sent = false;
  /// When the venue was last asked about it.
  utc_time asked;
};

/// @returns the size, negative for a sale.
constexpr quantity signed_size(const working_order& order) noexcept {
  auto& right = order.intent.right;
  return {sign(right.direction) * right.size.lots};
}

/// @returns what is filled, negative for a sale.
constexpr quantity signed_fills(const working_order& order) noexcept {
  return {sign(order.intent.right.direction) * order.filled.lots};
}

/// @returns what may still be filled, negative for a sale.
constexpr quantity remaining(const working_order& order) noexcept {
  return signed_size(order) - signed_fills(order);
}

/// Brings the position of one symbol to its target with one order at a time.
///
///   target ─▶ permit_request ─▶ permit ─▶ order_intent ─▶ reports and fills
///                    │                                        │
///                    └─▶ permit_refused                       └─▶ next order
///
/// At most one order is open and at most one permit is asked for, so that the
/// worst case is known at all times and the result does not depend on which of
/// two messages arrives first: whatever comes while a question is open is kept
/// and looked at when the answer is there.
///
/// Nothing is sent before the venue's position and orders equal ours.
class executor {
public:
  using effects = sink<permit_request, order_intent, cancel_order, query_order,
                       reconcile_query, fill, funding_payment, order_settled,
                       decision_outcome, symbol_reconciled>;

  /// @pre `rules` outlives the executor
  executor(const instrument& rules, execution_settings settings, uint16_t node,
           uint32_t epoch);

  // -- recovery ---------------------------------------------------------------

  /// Continues where the journal of an earlier life ended.
  void restore(quantity position, quantity target, uint32_t last_order,
               const std::vector<working_order>& orders);

  /// Asks the venue for its view; trading starts when it equals ours.
  void start(utc_time now, effects& out);

  // -- from ALLOCATOR ---------------------------------------------------------

  void step(const target_position& command, effects& out);

  // -- from RISK DESK ---------------------------------------------------------

  void step(const permit& right, effects& out);
  void step(const permit_refused& answer, effects& out);

  // -- from FEED --------------------------------------------------------------

  void step(const mark_updated& fact, effects& out) {
    mark_ = fact.mark;
    if (!idle())
      continue_at(fact.time, out);
  }

  void step(const quote& fact, effects& out);
  void step(const feed_health& fact, effects& out);

  // -- from VENUE -------------------------------------------------------------

  void step(const order_report& fact, effects& out);
  void step(const fill& fact, effects& out);
  void step(const funding_payment& fact, effects& out);
  void step(const venue_snapshot& fact, effects& out);

  // -- from GUARDIAN ----------------------------------------------------------

  void step(const state_changed& fact, effects& out);

  // -- time -------------------------------------------------------------------

  /// Repeats questions that stay unanswered; compares with the venue now and
  /// then.
  void step(utc_time now, effects& out);

  // -- view -------------------------------------------------------------------

  quantity position() const noexcept {
    return position_;
  }

  quantity target() const noexcept {
    return target_;
  }

  const std::vector<working_order>& orders() const noexcept {
    return orders_;
  }

  bool reconciled() const noexcept {
    return reconciled_;
  }

private:
  // Between two questions about an order of unknown fate, two attempts at a
  // cancel, and two attempts to reconcile at start.
  static constexpr timespan repeat_after = std::chrono::seconds{1};

  // Nothing to pursue: the common case of a quiet bar.
  bool idle() const noexcept {
    return orders_.empty() && !asked_ && !undecided_
           && (given_up_ || position_ == wanted());
  }

  quantity wanted() const noexcept {
    return flatten_ ? quantity{} : target_;
  }

  void continue_at(utc_time now, effects& out);
  void pursue(utc_time now, effects& out);
  void tend_all(utc_time now, effects& out);
  void tend(working_order& order, utc_time now, effects& out);
  bool obsolete(const working_order& order, utc_time now) const;
  quantity next_step(quantity held) const;
  void ask(utc_time now, effects& out);
  void settle(order_id id, order_status status, utc_time now, effects& out);
  void note_failure(utc_time now);
  void void_decision(utc_time now, effects& out);
  void conclude(decision_outcome outcome, effects& out);
  order_intent place(const permit& right, utc_time now) const;
  working_order* find(const order_id& id);
  bool same_orders(const venue_snapshot& theirs, effects& out);

  const instrument* rules_;
  execution_settings settings_;
  uint16_t node_;
  uint32_t epoch_;
  uint32_t last_order_ = 0;

  quantity position_;
  quantity target_;
  price reference_;
  // The decision that set `target_`, until its outcome is told.
  std::optional<decision_id> undecided_;
  decision_id decision_;

  std::vector<working_order> orders_;
  std::optional<permit_request> asked_;
  // A question was refused for a reason that passes by itself, or the venue
  // refused an order: no question before this time.
  utc_time not_before_;
  // Rejections and fruitless orders in a row for the present target.
  int failures_ = 0;
  // A refusal that stands, or too many failures: wait for another target or
  // another state.
  bool given_up_ = false;
  // The target is of an earlier life, and nobody knows what became of it.
  bool inherited_ = false;
  // The patient order was not filled in time: take what is there.
  bool impatient_ = false;

  price mark_;
  std::optional<quote> quote_;
  bool live_ = false;

  trading_state state_ = trading_state::starting;
  bool flatten_ = false;
  bool reconciled_ = false;
  utc_time compared_;
  int differences_ = 0;
};

} // namespace qalpha
