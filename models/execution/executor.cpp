#include "models/execution/executor.hpp"

#include <algorithm>

namespace qalpha {

namespace {

// How long an answer of the desk may take. It normally takes microseconds; an
// answer that is missing for this long was lost with a crashed desk.
constexpr timespan answer_timeout = std::chrono::seconds{5};

// Between two comparisons with the venue while all is well.
constexpr timespan compare_after = std::chrono::seconds{15};

// Comparisons in a row that must fail before it is a fact: after an outage the
// venue's answers about each order need a moment.
constexpr int max_differences = 3;

} // namespace

executor::executor(const instrument& rules, execution_settings settings,
                   uint16_t node, uint32_t epoch)
  : rules_(&rules), settings_(settings), node_(node), epoch_(epoch) {
  // nop
}

// -- recovery -----------------------------------------------------------------

void executor::restore(quantity position, quantity target, uint32_t last_order,
                       const std::vector<working_order>& orders) {
  position_ = position;
  target_ = target;
  last_order_ = last_order;
  orders_ = orders;
  // A target that no order leads to was reached, refused, given up or voided by
  // a flatten before: only a new decision moves the position.
  inherited_ = true;
  auto need = target_ - position_;
  for (auto& order : orders_)
    if (auto open = remaining(order); (open.lots > 0) == (need.lots > 0)
                                      && magnitude(open) <= magnitude(need))
      inherited_ = false;
  given_up_ = inherited_;
}

void executor::start(utc_time now, effects& out) {
  compared_ = now;
  out.tell(reconcile_query{rules_->id(), now});
}

// -- from ALLOCATOR -----------------------------------------------------------

void executor::step(const target_position& command, effects& out) {
  conclude({.time = command.time, .result = decision_result::superseded}, out);
  undecided_ = command.decision;
  decision_ = command.decision;
  if (flatten_) {
    void_decision(command.time, out);
    return;
  }
  inherited_ = false;
  target_ = command.target;
  reference_ = command.reference;
  failures_ = 0;
  given_up_ = false;
  impatient_ = false;
  continue_at(command.time, out);
}

// -- from RISK DESK -----------------------------------------------------------

void executor::step(const permit& right, effects& out) {
  if (!asked_ || asked_->id != right.id) {
    // We stopped waiting for it; the desk must not keep the reservation.
    out.tell(order_settled{right.id, order_status::rejected, right.expires});
    return;
  }
  auto now = asked_->time;
  asked_.reset();
  auto intent = place(right, now);
  orders_.push_back({.intent = intent, .asked = now});
  out.tell(intent);
  conclude({.time = now, .result = decision_result::ordered, .order = right.id},
           out);
  continue_at(now, out);
}

void executor::step(const permit_refused& answer, effects& out) {
  if (!asked_ || asked_->id != answer.id)
    return;
  asked_.reset();
  if (passes_by_itself(answer.gate) || flatten_) {
    not_before_ = answer.time + repeat_after;
    return;
  }
  given_up_ = true;
  conclude({.time = answer.time,
            .result = decision_result::refused,
            .gate = answer.gate,
            .value = answer.value,
            .limit = answer.limit},
           out);
}

// -- from FEED ----------------------------------------------------------------

void executor::step(const quote& fact, effects& out) {
  quote_ = fact;
  if (!idle())
    continue_at(fact.time, out);
}

void executor::step(const feed_health& fact, effects& out) {
  live_ = fact.status == feed_status::live;
  if (!live_)
    quote_.reset();
  continue_at(fact.time, out);
}

// -- from VENUE ---------------------------------------------------------------

void executor::step(const order_report& fact, effects& out) {
  auto* order = find(fact.id);
  if (order == nullptr)
    return; // Settled already; venues repeat themselves.
  auto next = transition(order->status, fact.event);
  if (!next)
    return;
  // A completion without its fills is no evidence of how much we hold.
  if (*next == order_status::filled && remaining(*order).lots != 0)
    next = order_status::unknown;
  auto ours_to_cancel = order->cancel_sent;
  if (!is_open(*next)) {
    settle(fact.id, *next, fact.time, out);
    if (*next == order_status::rejected || !ours_to_cancel)
      note_failure(fact.time);
  } else if (*next != order->status) {
    order->status = *next;
    out.tell(order_settled{fact.id, *next, fact.time});
  }
  continue_at(fact.time, out);
}

void executor::step(const fill& fact, effects& out) {
  position_ += quantity{sign(fact.direction) * fact.size.lots};
  out.tell(fact);
  if (auto* order = find(fact.id)) {
    order->filled += fact.size;
    auto complete = order->filled >= order->intent.right.size;
    auto event = complete ? order_event::completed : order_event::partly_filled;
    auto next = transition(order->status, event).value_or(order->status);
    if (is_open(next))
      order->status = next;
    else
      settle(fact.id, next, fact.time, out);
    failures_ = 0;
  }
  continue_at(fact.time, out);
}

void executor::step(const funding_payment& fact, effects& out) {
  out.tell(fact);
}

void executor::step(const venue_snapshot& fact, effects& out) {
  // Orders may be under way while the venue answers; a position may not: what
  // changed it was told before the answer.
  auto same = same_orders(fact, out);
  auto equal = fact.position == position_;
  auto differed = differences_ >= max_differences;
  differences_ = equal ? 0 : differences_ + 1;
  if (!equal && reconciled_)
    compared_ = fact.time - compare_after + repeat_after;
  if (equal && same && (!reconciled_ || differed)) {
    reconciled_ = true;
    out.tell(symbol_reconciled{rules_->id(), fact.time, true, position_,
                               fact.position});
  } else if (differences_ == max_differences) {
    out.tell(symbol_reconciled{rules_->id(), fact.time, false, position_,
                               fact.position});
  }
  continue_at(fact.time, out);
}

// Cancels what we do not know and asks for what the venue does not show, and
// for the fills of all orders if we may have missed some.
bool executor::same_orders(const venue_snapshot& theirs, effects& out) {
  auto equal = true;
  for (auto& id : theirs.open_orders)
    if (find(id) == nullptr) {
      equal = false;
      out.tell(cancel_order{id, theirs.time});
    }
  for (auto& order : orders_) {
    auto& all = theirs.open_orders;
    auto& id = order.intent.right.id;
    auto shown = std::find(all.begin(), all.end(), id) != all.end();
    if (shown && theirs.position == position_)
      continue;
    equal = equal && shown;
    order.asked = theirs.time;
    out.tell(query_order{id, theirs.time});
  }
  return equal;
}

// -- from GUARDIAN ------------------------------------------------------------

void executor::step(const state_changed& fact, effects& out) {
  state_ = fact.state;
  flatten_ = fact.flatten;
  given_up_ = inherited_;
  failures_ = 0;
  if (flatten_) {
    // What was wanted before an emergency is not wanted after it.
    void_decision(fact.time, out);
    target_ = {};
    inherited_ = given_up_ = false;
    impatient_ = true;
    not_before_ = {};
  }
  continue_at(fact.time, out);
}

// -- time ---------------------------------------------------------------------

void executor::step(utc_time now, effects& out) {
  if (asked_ && now - asked_->time > answer_timeout) {
    auto id = asked_->id;
    asked_.reset();
    out.tell(order_settled{id, order_status::rejected, now});
  }
  if (now - compared_ >= (reconciled_ ? compare_after : repeat_after)) {
    compared_ = now;
    out.tell(reconcile_query{rules_->id(), now});
  }
  continue_at(now, out);
}

} // namespace qalpha
