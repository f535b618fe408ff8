#include "runtime/storage/recollection.hpp"

#include <algorithm>

namespace qalpha {

namespace {

void advance(open_order& order, order_event event) {
  if (auto next = transition(order.status, event))
    order.status = *next;
}

} // namespace

void apply(open_order& order, const order_report& fact) {
  // Only fills matter to an order that has ended.
  if (!is_open(order.status))
    return;
  advance(order, fact.event);
  // A completion without its fills is no evidence of how much we hold.
  if (order.status == order_status::filled
      && order.filled < order.intent.right.size)
    order.status = order_status::unknown;
}

void apply(open_order& order, const fill& fact) {
  order.filled += fact.size;
  auto complete = order.filled >= order.intent.right.size;
  advance(order,
          complete ? order_event::completed : order_event::partly_filled);
}

recollection::recollection(const universe& instruments, money start,
                           uint32_t epoch)
  : epoch_(epoch), symbols_(instruments.size()), marks_(instruments.size()),
    account_(instruments, start), peak_(start) {
  // nop
}

void recollection::note(const decision& fact) {
  auto& memory = symbols_.at(fact.id.symbol.index);
  memory.last_decision = fact.id.sequence;
  memory.last_exposure = fact.wanted;
  memory.last_target = fact.target;
}

void recollection::note(const order_intent& fact) {
  const auto& id = fact.right.id;
  auto& memory = symbols_.at(id.symbol.index);
  memory.orders.push_back({fact, order_status::intent, {}});
  if (id.epoch == epoch_)
    memory.last_order = std::max(memory.last_order, id.sequence);
}

void recollection::note(const order_report& fact) {
  if (auto order = find(fact.id)) {
    apply(*order, fact);
    forget_ended(fact.id.symbol);
  }
}

void recollection::note(const fill& fact) {
  if (auto order = find(fact.id)) {
    apply(*order, fact);
    forget_ended(fact.id.symbol);
  }
  account_.apply(fact);
}

void recollection::note(const funding_payment& fact) {
  account_.apply(fact);
}

void recollection::note(const state_changed& fact) {
  state_ = fact;
}

void recollection::note(const account_state& fact) {
  auto known = std::min(marks_.size(), fact.positions.size());
  for (size_t i = 0; i < known; ++i)
    marks_[i] = fact.positions[i].mark;
  peak_ = fact.peak;
}

void recollection::note_mark(symbol_id symbol, price mark) {
  marks_.at(symbol.index) = mark;
}

void recollection::note_peak(money peak) {
  peak_ = peak;
}

void recollection::begin_epoch(uint32_t epoch) {
  epoch_ = epoch;
  for (auto& memory : symbols_)
    memory.last_order = 0;
}

symbol_memory recollection::recall(symbol_id symbol) const {
  return symbols_.at(symbol.index);
}

account_memory recollection::recall_account() const {
  auto positions = account_.positions();
  for (size_t i = 0; i < positions.size(); ++i)
    if (marks_[i].ticks != 0)
      positions[i].mark = marks_[i];
  return {std::move(positions), account_.start(), peak_};
}

size_t recollection::positions() const {
  auto& all = account_.positions();
  return static_cast<size_t>(
    std::count_if(all.begin(), all.end(),
                  [](const position& x) { return x.size.lots != 0; }));
}

size_t recollection::open_orders() const {
  size_t result = 0;
  for (auto& memory : symbols_)
    result += memory.orders.size();
  return result;
}

size_t recollection::unknown_orders() const {
  size_t result = 0;
  for (auto& memory : symbols_)
    for (auto& order : memory.orders)
      result += order.status == order_status::unknown ? 1 : 0;
  return result;
}

open_order* recollection::find(const order_id& id) {
  auto& orders = symbols_.at(id.symbol.index).orders;
  auto found = std::find_if(orders.begin(), orders.end(), [&](auto& order) {
    return order.intent.right.id == id;
  });
  return found != orders.end() ? &*found : nullptr;
}

void recollection::forget_ended(symbol_id symbol) {
  auto& orders = symbols_[symbol.index].orders;
  std::erase_if(orders, [](auto& order) { return !is_open(order.status); });
}

} // namespace qalpha
