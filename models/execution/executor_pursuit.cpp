// How an executor gets from its position to its target; `executor.cpp` has what
// it hears from others.

#include "models/execution/executor.hpp"

#include <algorithm>

namespace qalpha {

namespace {

// Fruitless orders for one target before it is left alone.
constexpr int max_failures = 3;

} // namespace

// -- pursuit of the target ----------------------------------------------------

void executor::continue_at(utc_time now, effects& out) {
  // A restriction takes orders back whatever the venue believes.
  if (!reconciled_ && state_ > trading_state::active)
    tend_all(now, out);
  else if (reconciled_ && !asked_ && state_ >= trading_state::active)
    pursue(now, out);
}

void executor::pursue(utc_time now, effects& out) {
  if (!orders_.empty()) {
    tend_all(now, out);
    return;
  }
  if (position_ == wanted()) {
    impatient_ = false;
    conclude({.time = now, .result = decision_result::unchanged}, out);
    return;
  }
  if (given_up_ || now < not_before_)
    return;
  if (state_ == trading_state::halted && !flatten_) {
    given_up_ = true;
    void_decision(now, out);
    return;
  }
  ask(now, out);
}

void executor::tend_all(utc_time now, effects& out) {
  for (auto& order : orders_)
    tend(order, now, out);
}

void executor::tend(working_order& order, utc_time now, effects& out) {
  auto& id = order.intent.right.id;
  if (order.status == order_status::unknown) {
    if (now - order.asked < repeat_after)
      return;
    order.asked = now;
    out.tell(query_order{id, now});
    return;
  }
  if (order.cancel_sent ? now - order.asked < repeat_after
                        : !obsolete(order, now))
    return;
  impatient_ = impatient_ || now - order.intent.time >= settings_.chase_after;
  order.cancel_sent = true;
  order.asked = now;
  out.tell(cancel_order{id, now});
}

bool executor::obsolete(const working_order& order, utc_time now) const {
  if (state_ == trading_state::halted && !flatten_)
    return true;
  if (state_ != trading_state::active && !order.intent.right.reduce_only)
    return true;
  if (next_step(position_ - signed_fills(order)) != signed_size(order))
    return true;
  if (order.intent.kind == order_kind::market)
    return false;
  // A resting order must not wait at a price that nobody can see any more.
  return !live_ || now - order.intent.time >= settings_.chase_after;
}

// What one order brings from `held` towards the target.
quantity executor::next_step(quantity held) const {
  auto need = wanted() - held;
  auto against = need.lots > 0 ? held.lots < 0 : held.lots > 0;
  auto size = magnitude(need);
  // Turning the position around takes one order; when only reductions are
  // allowed, just the part that closes it.
  if (against && size > magnitude(held) && state_ != trading_state::active)
    size = magnitude(held);
  if (auto most = rules_->rules().max_order; most.lots > 0)
    size = std::min(size, most);
  return need.lots > 0 ? size : -size;
}

void executor::ask(utc_time now, effects& out) {
  auto step = next_step(position_);
  auto direction = step.lots > 0 ? side::buy : side::sell;
  auto size = magnitude(step);
  auto held = magnitude(position_);
  auto against = sign(direction) * position_.lots < 0;
  asked_ = permit_request{
    .id = {node_, rules_->id(), epoch_, ++last_order_},
    .decision = decision_,
    .direction = direction,
    .size = size,
    .reference = mark_.ticks > 0 ? mark_ : reference_,
    .reduce_only = against && size <= held,
    .time = now,
  };
  // The answer may come before this call returns.
  out.tell(permit_request{*asked_});
}

order_intent executor::place(const permit& right, utc_time now) const {
  auto buys = right.direction == side::buy;
  order_intent result{.right = right,
                      .kind = settings_.kind,
                      .limit = buys ? right.high : right.low,
                      .time = now};
  if (impatient_ || !quote_)
    result.kind = order_kind::market;
  if (result.kind != order_kind::market)
    result.limit = std::clamp(buys ? quote_->bid : quote_->ask, right.low,
                              right.high);
  return result;
}

// -- ends ---------------------------------------------------------------------

void executor::settle(order_id id, order_status status, utc_time now,
                      effects& out) {
  std::erase_if(
    orders_, [&](const working_order& x) { return x.intent.right.id == id; });
  out.tell(order_settled{id, status, now});
}

void executor::note_failure(utc_time now) {
  // The next attempt needs a newer market than the one that failed.
  not_before_ = now + timespan{1};
  if (++failures_ >= max_failures && !flatten_)
    given_up_ = true;
}

void executor::void_decision(utc_time now, effects& out) {
  conclude({.time = now,
            .result = decision_result::refused,
            .gate = risk_gate::trading_state,
            .value = static_cast<int64_t>(trading_state::halted),
            .limit = static_cast<int64_t>(trading_state::active)},
           out);
}

void executor::conclude(decision_outcome outcome, effects& out) {
  if (!undecided_)
    return;
  outcome.decision = *undecided_;
  undecided_.reset();
  out.tell(outcome);
}

working_order* executor::find(const order_id& id) {
  for (auto& order : orders_)
    if (order.intent.right.id == id)
      return &order;
  return nullptr;
}

} // namespace qalpha
