#include "runtime/storage/tracing_journal.hpp"

namespace qalpha {

tracing_journal::tracing_journal(journal& next, const universe& instruments)
  : next_(&next), trace_(instruments) {
  // nop
}

void tracing_journal::append(const decision& fact) {
  next_->append(fact);
  trace(fact);
}

void tracing_journal::append(const decision_outcome& fact) {
  next_->append(fact);
  trace(fact);
}

void tracing_journal::append(const order_intent& fact) {
  next_->append(fact);
  trace(fact);
}

void tracing_journal::append(const order_report& fact) {
  next_->append(fact);
  trace(fact);
}

bool tracing_journal::append(const fill& fact) {
  if (!next_->append(fact))
    return false;
  trace(fact);
  return true;
}

bool tracing_journal::append(const funding_payment& fact) {
  if (!next_->append(fact))
    return false;
  trace(fact);
  return true;
}

void tracing_journal::append(const state_changed& fact) {
  next_->append(fact);
  trace(fact);
}

void tracing_journal::append(const account_state& fact) {
  next_->append(fact);
}

symbol_memory tracing_journal::recall(symbol_id symbol) {
  return next_->recall(symbol);
}

account_memory tracing_journal::recall_account() {
  return next_->recall_account();
}

state_changed tracing_journal::recall_state() {
  return next_->recall_state();
}

std::string tracing_journal::hash() const {
  auto guard = std::lock_guard{mutex_};
  return trace_.hash();
}

uint64_t tracing_journal::size() const {
  auto guard = std::lock_guard{mutex_};
  return trace_.size();
}

} // namespace qalpha
