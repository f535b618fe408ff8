#include "runtime/storage/memory_journal.hpp"

namespace qalpha {

memory_journal::memory_journal(const universe& instruments, money start,
                               bool keep)
  : keep_(keep), memory_(instruments, start, 1), trace_(instruments),
    executions_(instruments.size()), payments_(instruments.size()) {
  // nop
}

void memory_journal::append(const decision& fact) {
  take(fact, facts_.decisions);
  ++counts_.decisions;
}

void memory_journal::append(const decision_outcome& fact) {
  trace_.add(fact);
  if (keep_)
    facts_.outcomes.push_back(fact);
  counts_.add(fact.result);
}

void memory_journal::append(const order_intent& fact) {
  take(fact, facts_.orders);
  ++counts_.orders;
}

void memory_journal::append(const order_report& fact) {
  take(fact, facts_.reports);
  ++counts_.reports;
}

bool memory_journal::append(const fill& fact) {
  if (!executions_.at(fact.id.symbol.index).insert(fact.execution))
    return false;
  take(fact, facts_.fills);
  ++counts_.fills;
  return true;
}

bool memory_journal::append(const funding_payment& fact) {
  auto& times = payments_.at(fact.symbol.index);
  if (!times.insert(static_cast<uint64_t>(fact.time.ns)))
    return false;
  take(fact, facts_.payments);
  ++counts_.payments;
  return true;
}

void memory_journal::append(const state_changed& fact) {
  take(fact, facts_.states);
  counts_.add(fact.state);
}

void memory_journal::append(const account_state& fact) {
  memory_.note(fact);
}

symbol_memory memory_journal::recall(symbol_id symbol) {
  return memory_.recall(symbol);
}

account_memory memory_journal::recall_account() {
  return memory_.recall_account();
}

state_changed memory_journal::recall_state() {
  return memory_.recall_state();
}

uint32_t memory_journal::raise_epoch() {
  memory_.begin_epoch(memory_.epoch() + 1);
  return memory_.epoch();
}

} // namespace qalpha
