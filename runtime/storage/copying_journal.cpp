#include "runtime/storage/copying_journal.hpp"

#include "runtime/storage/store_facts.hpp"

namespace qalpha {

// -- facts --------------------------------------------------------------------

copying_journal::copying_journal(journal& next, const universe& instruments,
                                 store_sink& out)
  : next_(&next), instruments_(&instruments), out_(&out) {
  // nop
}

void copying_journal::append(const decision& fact) {
  next_->append(fact);
  copy(*out_, *instruments_, fact);
}

void copying_journal::append(const decision_outcome& fact) {
  next_->append(fact);
  copy(*out_, *instruments_, fact);
}

void copying_journal::append(const order_intent& fact) {
  next_->append(fact);
  copy(*out_, *instruments_, fact);
}

void copying_journal::append(const order_report& fact) {
  next_->append(fact);
  copy(*out_, *instruments_, fact);
}

bool copying_journal::append(const fill& fact) {
  if (!next_->append(fact))
    return false;
  copy(*out_, *instruments_, fact);
  return true;
}

bool copying_journal::append(const funding_payment& fact) {
  if (!next_->append(fact))
    return false;
  copy(*out_, *instruments_, fact);
  return true;
}

void copying_journal::append(const state_changed& fact) {
  next_->append(fact);
  copy(*out_, *instruments_, fact);
}

void copying_journal::append(const account_state& fact) {
  next_->append(fact);
}

symbol_memory copying_journal::recall(symbol_id symbol) {
  return next_->recall(symbol);
}

account_memory copying_journal::recall_account() {
  return next_->recall_account();
}

state_changed copying_journal::recall_state() {
  return next_->recall_state();
}

// -- the market ---------------------------------------------------------------

copying_witness::copying_witness(const universe& instruments, store_sink& out)
  : instruments_(&instruments), out_(&out) {
  // nop
}

void copying_witness::saw(const market_batch& batch) {
  copy(*out_, *instruments_, batch);
}

void copying_witness::saw(const bar_closed& fact) {
  copy(*out_, *instruments_, fact);
}

void copying_witness::saw(const feed_health& fact) {
  copy(*out_, *instruments_, fact);
}

void copying_witness::saw(const quote& fact) {
  copy(*out_, *instruments_, fact);
}

} // namespace qalpha
