#include "tests/runtime/storage/random_life.hpp"

#include <algorithm>
#include <iterator>

namespace qalpha::test {

bool random_life::step() {
  auto symbol = static_cast<uint16_t>(below(2));
  switch (below(16)) {
    case 0:
    case 1:
      decide(symbol);
      return true;
    case 2:
    case 3:
    case 4:
      send(symbol);
      return true;
    case 5:
    case 6:
    case 7:
    case 8:
      report();
      return true;
    case 9:
      return pay(symbol);
    case 10:
      change_state();
      return true;
    case 11:
      value();
      return true;
    default:
      return fill_some();
  }
}

bool random_life::agrees(journal& tested) const {
  for (uint16_t symbol = 0; symbol < 2; ++symbol) {
    auto memory = tested.recall({symbol});
    if (memory.last_order != sequences_[symbol]
        || memory.last_decision != decisions_[symbol]
        || memory.last_exposure != last_decision_[symbol].wanted
        || memory.last_target != last_decision_[symbol].target)
      return false;
    auto by_id = [](const open_order& x, const open_order& y) {
      return x.intent.right.id < y.intent.right.id;
    };
    std::sort(memory.orders.begin(), memory.orders.end(), by_id);
    std::vector<open_order> expected;
    for (auto& [id, order] : orders_)
      if (id.symbol.index == symbol && is_open(order.status))
        expected.push_back({order.intent, order.status, {order.filled}});
    if (memory.orders != expected)
      return false;
  }
  auto account = tested.recall_account();
  money fees;
  money funding;
  for (size_t i = 0; i < 2; ++i) {
    fees += account.positions.at(i).fees;
    funding += account.positions.at(i).funding;
    if (account.positions.at(i).size.lots != positions_[i])
      return false;
    if (marks_[i] != 0 && account.positions.at(i).mark.ticks != marks_[i])
      return false;
  }
  return fees == fees_ && funding == funding_ && account.start == start
         && account.peak == peak_ && tested.recall_state() == state_;
}

random_life::remembered* random_life::any_order() {
  if (orders_.empty())
    return nullptr;
  // The newest are the likeliest, but the oldest is not safe either.
  auto back = std::min(below(orders_.size()), below(orders_.size()));
  return &std::prev(orders_.end(), static_cast<std::ptrdiff_t>(back) + 1)
            ->second;
}

void random_life::advance(remembered& order, order_event event) {
  if (!is_open(order.status))
    return;
  if (auto next = transition(order.status, event))
    order.status = *next;
  if (order.status == order_status::filled
      && order.filled < order.intent.right.size.lots)
    order.status = order_status::unknown;
}

void random_life::decide(uint16_t symbol) {
  auto fact = make_decision(++decisions_[symbol], symbol);
  fact.time = {time_};
  fact.wanted = {static_cast<int32_t>(below(20'001)) - 10'000};
  fact.target = {static_cast<int64_t>(below(100)) - 50};
  last_decision_[symbol] = fact;
  tell(fact);
  decision_outcome outcome;
  outcome.decision = fact.id;
  outcome.time = {time_};
  outcome.result = static_cast<decision_result>(below(4));
  if (below(4) != 0)
    tell(outcome);
}

void random_life::send(uint16_t symbol) {
  auto id = order_of(epoch, ++sequences_[symbol], symbol);
  auto fact = make_intent(id, 1 + static_cast<int64_t>(below(20)),
                          decisions_[symbol]);
  fact.right.direction = below(2) == 0 ? side::buy : side::sell;
  fact.time = {time_};
  orders_[id] = {fact};
  tell(fact);
}

void random_life::report() {
  auto order = any_order();
  auto event = static_cast<order_event>(below(7));
  auto id = order != nullptr ? order->intent.right.id : order_of(77, 1);
  // Now and then the venue speaks of an order that nobody knows.
  if (order == nullptr || below(20) == 0)
    id = order_of(77, 1);
  else
    advance(*order, event);
  auto fact = make_report(id, event);
  fact.time = {time_};
  fact.reason = below(2) == 0 ? "" : "EC_PostOnlyWillTakeLiquidity";
  tell(fact);
}

bool random_life::fill_some() {
  if (!fills_.empty() && below(4) == 0)
    return tell_once(fills_[below(fills_.size())], false);
  auto order = any_order();
  if (order == nullptr)
    return true;
  // Ids of executions come from a hash at some venues.
  auto execution = ++executions_ * 0x9E3779B97F4A7C15;
  auto size = 1 + static_cast<int64_t>(below(12));
  auto fact = make_fill(order->intent.right.id, execution, size);
  fact.direction = order->intent.right.direction;
  fact.px = {600'000 + static_cast<int64_t>(below(1'000))};
  fact.fee = {static_cast<int64_t>(below(1'000)) - 200};
  fact.time = {time_};
  order->filled += size;
  auto complete = order->filled >= order->intent.right.size.lots;
  if (auto next = transition(order->status, complete
                                              ? order_event::completed
                                              : order_event::partly_filled))
    order->status = *next;
  positions_[fact.id.symbol.index] += sign(fact.direction) * size;
  fees_ += fact.fee;
  fills_.push_back(fact);
  return tell_once(fact, true);
}

bool random_life::pay(uint16_t symbol) {
  auto when = static_cast<int64_t>(below(200));
  auto paid = money{static_cast<int64_t>(below(1'000)) - 500};
  auto fact = funding_payment{{symbol}, {when}, paid, {10'000}};
  auto fresh = payments_.emplace(std::pair{symbol, when}, fact).second;
  if (fresh)
    funding_ += paid;
  return tell_once(fact, fresh);
}

void random_life::change_state() {
  state_ = {static_cast<trading_state>(below(5)),
            below(100),
            below(2) == 0,
            {time_},
            "operator",
            "test \"quoted\", with\nlines and \xC3\xA9",
            below(2) == 0 ? "" : "7f3a"};
  tell(state_);
}

void random_life::value() {
  account_state fact;
  fact.time = {time_};
  peak_ = std::max(peak_, money{start.e8 + static_cast<int64_t>(below(9'999))});
  fact.peak = peak_;
  fact.positions.resize(2);
  for (size_t i = 0; i < 2; ++i) {
    marks_[i] = 600'000 + static_cast<int64_t>(below(500));
    fact.positions[i].mark = {marks_[i]};
  }
  tell(fact);
}

} // namespace qalpha::test
