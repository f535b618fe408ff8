#include "models/risk/risk_desk.hpp"

#include <algorithm>

namespace qalpha {

namespace {

constexpr int64_t whole_bps = 10'000;

// Ratios in messages have the same scale as money.
constexpr int64_t ratio_e8(int64_t bps) noexcept {
  return bps * (money::scale / whole_bps);
}

// How often the account is told at most.
constexpr timespan state_interval = std::chrono::seconds{1};

} // namespace

risk_desk::risk_desk(const universe& instruments, risk_limits limits,
                     money start)
  : instruments_(&instruments), limits_(limits), ledger_(instruments, start),
    curve_(start), slots_(instruments.size()) {
  // nop
}

// -- recovery -----------------------------------------------------------------

void risk_desk::restore(const std::vector<position>& positions, money peak) {
  ledger_.restore(positions);
  curve_.restore(peak, ledger_.equity());
  for (size_t i = 0; i < positions.size() && i < slots_.size(); ++i)
    slots_[i].exposure.set_held(positions[i].size);
}

void risk_desk::restore(const order_id& id, side direction, quantity remaining,
                        bool unknown) {
  auto& exposure = slots_.at(id.symbol.index).exposure;
  exposure.reserve(id, direction, remaining);
  exposure.set_unknown(id, unknown);
}

// -- from EXECUTOR ------------------------------------------------------------

void risk_desk::step(const permit_request& query, effects& out) {
  auto& where = slots_[query.id.symbol.index];
  while (!where.orders.empty()
         && query.time - where.orders.front() > limits_.order_window)
    where.orders.pop_front();
  auto found = judge(query);
  if (found.gate == risk_gate::none
      && !where.exposure.reserve(query.id, query.direction, query.size))
    found = {risk_gate::duplicate, 1, 0};
  if (found.gate != risk_gate::none) {
    out.tell(permit_refused{query.id, query.decision, found.gate, found.value,
                            found.limit, query.time});
    return;
  }
  where.orders.push_back(query.time);
  auto mark = ledger_.at(query.id.symbol).mark.ticks;
  auto collar = mark * limits_.price_collar_bps / whole_bps;
  out.tell(permit{.id = query.id,
                  .decision = query.decision,
                  .gate_epoch = gate_epoch_,
                  .direction = query.direction,
                  .size = query.size,
                  .low = {std::max<int64_t>(1, mark - collar)},
                  .high = {mark + collar},
                  .reduce_only = query.reduce_only,
                  .expires = query.time + limits_.permit_life});
}

void risk_desk::step(const order_settled& fact, effects&) {
  auto& exposure = slots_[fact.id.symbol.index].exposure;
  if (is_open(fact.status))
    exposure.set_unknown(fact.id, fact.status == order_status::unknown);
  else
    exposure.release(fact.id);
}

void risk_desk::step(const fill& fact, effects& out) {
  slots_[fact.id.symbol.index].exposure.filled(fact);
  auto ended = ledger_.apply(fact);
  curve_.add(fact.time, ledger_.equity());
  if (ended)
    out.tell(ledger_.last_trade());
}

void risk_desk::step(const funding_payment& fact, effects&) {
  ledger_.apply(fact);
  curve_.add(fact.time, ledger_.equity());
}

// -- from FEED ----------------------------------------------------------------

void risk_desk::step(const feed_health& fact, effects&) {
  slots_[fact.symbol.index].live = fact.status == feed_status::live;
}

// -- from ALLOCATOR -----------------------------------------------------------

void risk_desk::step(const account_query& query, effects& out) {
  out.tell(account_view{query.decision, query.time, ledger_.equity()});
}

// -- from GUARDIAN ------------------------------------------------------------

void risk_desk::step(const state_changed& fact, effects&) {
  state_ = fact.state;
  flatten_ = fact.flatten;
  gate_epoch_ = fact.gate_epoch;
}

// -- time ---------------------------------------------------------------------

void risk_desk::step(utc_time now, effects& out) {
  if (now - last_state_ < state_interval)
    return;
  last_state_ = now;
  curve_.finish();
  out.tell(account(now));
}

// -- view ---------------------------------------------------------------------

account_state risk_desk::account(utc_time now) const {
  return {.time = now,
          .equity = ledger_.equity(),
          .peak = std::max(curve_.peak(), ledger_.equity()),
          .cash = ledger_.cash(),
          .unrealised = ledger_.unrealised(),
          .realised = ledger_.realised(),
          .fees = ledger_.fees(),
          .funding = ledger_.funding(),
          .gross = ledger_.gross(),
          .open_orders = open_orders(),
          .positions = ledger_.positions()};
}

// -- gates --------------------------------------------------------------------

bool risk_desk::only_reduces(const permit_request& query) const {
  auto& exposure = slots_[query.id.symbol.index].exposure;
  return query.reduce_only && query.size <= exposure.reducible(query.direction);
}

risk_desk::verdict risk_desk::judge(const permit_request& query) const {
  for (auto gate : {&risk_desk::judge_state, &risk_desk::judge_order,
                    &risk_desk::judge_exposure})
    if (auto found = (this->*gate)(query); found.gate != risk_gate::none)
      return found;
  return {};
}

risk_desk::verdict risk_desk::judge_state(const permit_request& query) const {
  auto& where = slots_[query.id.symbol.index];
  auto state = static_cast<int64_t>(state_);
  auto active = static_cast<int64_t>(trading_state::active);
  if (state_ == trading_state::reducing
      || (state_ == trading_state::halted && flatten_)) {
    if (!only_reduces(query))
      return {risk_gate::reducing, state, active};
  } else if (state_ != trading_state::active) {
    return {risk_gate::trading_state, state, active};
  }
  if (!where.live)
    return {risk_gate::feed, 0, 1};
  if (ledger_.at(query.id.symbol).mark.ticks <= 0)
    return {risk_gate::no_mark, 0, 1};
  if (ledger_.equity().e8 <= 0 && !only_reduces(query))
    return {risk_gate::equity, ledger_.equity().e8, 0};
  return {};
}

risk_desk::verdict risk_desk::judge_order(const permit_request& query) const {
  auto& where = slots_[query.id.symbol.index];
  if (query.size.lots <= 0)
    return {risk_gate::size, query.size.lots, 1};
  if (where.exposure.has_unknown() && !only_reduces(query))
    return {risk_gate::unknown_order, 1, 0};
  auto recent = static_cast<int64_t>(where.orders.size());
  if (recent >= limits_.max_orders)
    return {risk_gate::order_rate, recent, limits_.max_orders};
  auto mark = ledger_.at(query.id.symbol).mark.ticks;
  auto distance = query.reference.ticks > mark ? query.reference.ticks - mark
                                               : mark - query.reference.ticks;
  if (distance > mark * limits_.price_collar_bps / whole_bps)
    return {risk_gate::price_collar, ratio_e8(distance * whole_bps / mark),
            ratio_e8(limits_.price_collar_bps)};
  return {};
}

risk_desk::verdict
risk_desk::judge_exposure(const permit_request& query) const {
  if (only_reduces(query))
    return {};
  auto& rules = (*instruments_)[query.id.symbol.index];
  auto& exposure = slots_[query.id.symbol.index].exposure;
  auto mark = ledger_.at(query.id.symbol).mark;
  auto notional = rules.value(mark, query.size);
  if (notional < rules.rules().min_notional)
    return {risk_gate::min_notional, notional.e8,
            rules.rules().min_notional.e8};
  if (notional > limits_.max_order_notional)
    return {risk_gate::max_order_notional, notional.e8,
            limits_.max_order_notional.e8};
  auto worst = rules.value(mark,
                           exposure.worst_case(query.direction, query.size));
  if (worst > limits_.max_position_notional)
    return {risk_gate::max_position_notional, worst.e8,
            limits_.max_position_notional.e8};
  auto gross = static_cast<__int128>(worst_gross(query).e8);
  auto equity = ledger_.equity().e8;
  if (gross * whole_bps
      > static_cast<__int128>(limits_.max_gross_leverage_bps) * equity)
    return {risk_gate::max_gross_leverage,
            static_cast<int64_t>(gross * money::scale / equity),
            ratio_e8(limits_.max_gross_leverage_bps)};
  return {};
}

money risk_desk::worst_gross(const permit_request& query) const {
  money sum;
  for (size_t i = 0; i < slots_.size(); ++i) {
    auto size = i == query.id.symbol.index ? query.size : quantity{};
    auto worst = slots_[i].exposure.worst_case(query.direction, size);
    sum += (*instruments_)[i].value(ledger_.positions()[i].mark, worst);
  }
  return sum;
}

uint32_t risk_desk::open_orders() const {
  size_t sum = 0;
  for (auto& where : slots_)
    sum += where.exposure.open_orders();
  return static_cast<uint32_t>(sum);
}

} // namespace qalpha
