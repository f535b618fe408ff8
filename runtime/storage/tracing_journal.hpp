// A journal that also hashes what passes.

#pragma once

#include "actors/ports/journal.hpp"
#include "models/evaluation/run_trace.hpp"

#include <cstdint>
#include <mutex>
#include <string>

namespace qalpha {

/// Hands each fact to another journal and adds it to the trace of the run once
/// it is safe there; duplicates do not count. Gives a live run the same hash as
/// its replay.
///
/// Thread-safe if the journal behind it is. The hash depends on the order of
/// the facts of one symbol, which is the order in which their actor appends
/// them.
class tracing_journal final : public journal {
public:
  /// @pre `next` outlives this journal
  tracing_journal(journal& next, const universe& instruments);

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

  /// @returns the hash of all facts so far.
  std::string hash() const;

  /// @returns the number of facts in the hash.
  uint64_t size() const;

private:
  template <class Fact>
  void trace(const Fact& fact) {
    auto guard = std::lock_guard{mutex_};
    trace_.add(fact);
  }

  journal* next_;
  mutable std::mutex mutex_;
  run_trace trace_;
};

} // namespace qalpha
