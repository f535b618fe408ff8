// What a journal remembers of the facts it was given.

#pragma once

#include "actors/ports/journal.hpp"
#include "models/execution/ledger.hpp"
#include "models/market/instrument.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace qalpha {

/// Applies the venue's words to an order. An event that is impossible in its
/// status changes nothing: the fact stays in the journal for people to see.
void apply(open_order& order, const order_report& fact);

/// Adds a fill to an order; `completed` once nothing of its size remains.
void apply(open_order& order, const fill& fact);

/// Folds journaled facts, in the order of the journal, into the answers of
/// `recall`. Memory is bounded by instruments and open orders: an order that
/// has ended is forgotten, since no event opens it again.
///
/// Not synchronised; belongs to one journal.
class recollection {
public:
  /// @pre `instruments` outlives the recollection
  recollection(const universe& instruments, money start, uint32_t epoch);

  void note(const decision& fact);
  void note(const order_intent& fact);
  void note(const order_report& fact);
  /// @pre `fact` is not a duplicate
  void note(const fill& fact);
  /// @pre `fact` is not a duplicate
  void note(const funding_payment& fact);
  void note(const state_changed& fact);
  void note(const account_state& fact);

  /// Restores one mark and the peak of the last account snapshot.
  void note_mark(symbol_id symbol, price mark);
  void note_peak(money peak);

  /// Starts counting orders from one again.
  void begin_epoch(uint32_t epoch);

  uint32_t epoch() const noexcept {
    return epoch_;
  }

  symbol_memory recall(symbol_id symbol) const;
  account_memory recall_account() const;

  const state_changed& recall_state() const noexcept {
    return state_;
  }

  /// @returns the number of symbols whose position is not zero.
  size_t positions() const;

  /// @returns the number of open orders; `unknown` counts those of unknown
  /// fate.
  size_t open_orders() const;
  size_t unknown_orders() const;

private:
  open_order* find(const order_id& id);
  void forget_ended(symbol_id symbol);

  uint32_t epoch_;
  std::vector<symbol_memory> symbols_;
  std::vector<price> marks_;
  ledger account_;
  money peak_;
  state_changed state_;
};

} // namespace qalpha
