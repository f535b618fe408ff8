#include "runtime/storage/sqlite_journal.hpp"

#include <stdexcept>

namespace qalpha {

namespace {

std::string count_text(size_t n, const char* noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

} // namespace

std::string to_string(const journal_summary& x) {
  if (!x.resumed)
    return "started run " + x.run;
  auto result = "resumed run " + x.run + ": "
                + count_text(x.positions, "position") + ", "
                + count_text(x.orders, "order");
  if (x.unknown != 0)
    result += " (" + std::to_string(x.unknown) + " of unknown fate)";
  return result + ", " + std::to_string(x.lost) + " lost";
}

// -- writing ------------------------------------------------------------------

void sqlite_journal::check_symbol(symbol_id symbol) const {
  if (symbol.index >= symbols_)
    throw std::runtime_error{"journal " + db_->file().string()
                             + ": cannot append a fact of symbol "
                             + std::to_string(symbol.index) + ", the run has "
                             + std::to_string(symbols_) + " symbols"};
}

template <class Write>
auto sqlite_journal::guarded(bool may_use_reserve, Write write) {
  auto guard = std::lock_guard{mutex_};
  if (auto failure = checkpointer_->failure(); failure && broken_.empty())
    broken_ = *failure;
  if (!broken_.empty())
    throw std::runtime_error{"journal accepts nothing since " + broken_};
  for (;;) {
    try {
      return write();
    } catch (const sqlite_error& error) {
      if (may_use_reserve && error.disk_full() && reserve_->release())
        continue;
      if (!error.passing())
        broken_ = error.what();
      throw std::runtime_error{std::string{"journal "} + error.what()};
    } catch (const std::exception& error) {
      // On disk but not in memory, for example because a sum overflowed.
      broken_ = error.what();
      throw;
    }
  }
}

template <class Fact>
bool sqlite_journal::store(const Fact& fact, bool may_use_reserve) {
  return guarded(may_use_reserve, [&] {
    if (!writer_.write(seq_ + 1, fact))
      return false;
    ++seq_;
    if constexpr (requires { memory_.note(fact); })
      memory_.note(fact);
    return true;
  });
}

void sqlite_journal::append(const decision& fact) {
  check_symbol(fact.id.symbol);
  // A full disk is no time for new risk: what begins it must leave the reserve
  // to what ends it.
  store(fact, false);
}

void sqlite_journal::append(const decision_outcome& fact) {
  check_symbol(fact.decision.symbol);
  store(fact, true);
}

void sqlite_journal::append(const order_intent& fact) {
  check_symbol(fact.right.id.symbol);
  store(fact, fact.right.reduce_only);
}

void sqlite_journal::append(const order_report& fact) {
  check_symbol(fact.id.symbol);
  store(fact, true);
}

bool sqlite_journal::append(const fill& fact) {
  check_symbol(fact.id.symbol);
  return store(fact, true);
}

bool sqlite_journal::append(const funding_payment& fact) {
  check_symbol(fact.symbol);
  return store(fact, true);
}

void sqlite_journal::append(const state_changed& fact) {
  store(fact, true);
}

void sqlite_journal::append(const account_state& fact) {
  guarded(true, [&] {
    writer_.write(fact);
    memory_.note(fact);
  });
}

uint32_t sqlite_journal::raise_epoch() {
  return guarded(true, [&] {
    auto next = memory_.epoch() + 1;
    durably("raise the epoch", [&] { store_epoch(next); });
    // As at the start, but without waiting for readers.
    db_->execute("raise the epoch", "PRAGMA wal_checkpoint(PASSIVE)");
    memory_.begin_epoch(next);
    return next;
  });
}

// -- recalling ----------------------------------------------------------------

symbol_memory sqlite_journal::recall(symbol_id symbol) {
  auto guard = std::lock_guard{mutex_};
  return memory_.recall(symbol);
}

account_memory sqlite_journal::recall_account() {
  auto guard = std::lock_guard{mutex_};
  return memory_.recall_account();
}

state_changed sqlite_journal::recall_state() {
  auto guard = std::lock_guard{mutex_};
  return memory_.recall_state();
}

uint32_t sqlite_journal::epoch() const {
  auto guard = std::lock_guard{mutex_};
  return memory_.epoch();
}

} // namespace qalpha
