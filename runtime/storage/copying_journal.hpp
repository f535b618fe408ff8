// A journal whose facts others may read, and the market beside them.

#pragma once

#include "actors/ports/journal.hpp"
#include "actors/ports/observers.hpp"
#include "models/market/instrument.hpp"
#include "runtime/storage/store_sink.hpp"

namespace qalpha {

/// Hands each fact to another journal and, once it is safe there, to a store;
/// duplicates are not copied. Should the process die between the two, the fact
/// is in the journal alone.
///
/// Thread-safe if journal and store are.
class copying_journal final : public journal {
public:
  /// @pre all outlive this journal
  copying_journal(journal& next, const universe& instruments, store_sink& out);

  void append(const decision& fact) override;
  void append(const decision_outcome& fact) override;
  void append(const order_intent& fact) override;
  void append(const order_report& fact) override;
  bool append(const fill& fact) override;
  bool append(const funding_payment& fact) override;
  void append(const state_changed& fact) override;
  void append(const account_state& fact) override;

  symbol_memory recall(symbol_id symbol) override;
  account_memory recall_account() override;
  state_changed recall_state() override;

private:
  journal* next_;
  const universe* instruments_;
  store_sink* out_;
};

/// Hands what feeds make of the market to a store.
class copying_witness final : public market_witness {
public:
  /// @pre both outlive the witness
  copying_witness(const universe& instruments, store_sink& out);

  void saw(const market_batch& batch) override;
  void saw(const bar_closed& fact) override;
  void saw(const feed_health& fact) override;
  void saw(const quote& fact) override;

private:
  const universe* instruments_;
  store_sink* out_;
};

} // namespace qalpha
