// A journal that lives as long as its process.

#pragma once

#include "models/evaluation/run_trace.hpp"
#include "runtime/storage/journal_counts.hpp"
#include "runtime/storage/recollection.hpp"
#include "runtime/storage/seen_numbers.hpp"

#include <cstdint>
#include <vector>

namespace qalpha {

/// All facts of a run in the order of their journal.
struct kept_facts {
  std::vector<decision> decisions;
  std::vector<decision_outcome> outcomes;
  std::vector<order_intent> orders;
  std::vector<order_report> reports;
  std::vector<fill> fills;
  std::vector<funding_payment> payments;
  std::vector<state_changed> states;
};

/// The journal of backtests, replays and simulations: counts, hashes and
/// recalls like the durable one, writes nothing. Outlives the actors that a
/// simulation crashes and restarts.
///
/// Not synchronised: these runs have one thread.
class memory_journal final : public journal {
public:
  /// @param keep whether `facts` is filled; without it, memory is bounded by
  ///        instruments and open orders (and gaps in execution numbers).
  /// @pre `instruments` outlives the journal
  memory_journal(const universe& instruments, money start, bool keep = false);

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

  /// @returns the epoch of order ids, 1 at first.
  uint32_t epoch() const noexcept {
    return memory_.epoch();
  }

  /// Does what the start of a node does to a durable journal.
  /// @returns the new epoch
  uint32_t raise_epoch();

  const run_trace& trace() const noexcept {
    return trace_;
  }

  const journal_counts& counts() const noexcept {
    return counts_;
  }

  /// @returns everything appended if the journal keeps it, else nothing.
  const kept_facts& facts() const noexcept {
    return facts_;
  }

private:
  template <class Fact>
  void take(const Fact& fact, std::vector<Fact>& kept) {
    memory_.note(fact);
    trace_.add(fact);
    if (keep_)
      kept.push_back(fact);
  }

  bool keep_;
  recollection memory_;
  run_trace trace_;
  journal_counts counts_;
  kept_facts facts_;
  // By symbol index: executions, and times of funding.
  std::vector<seen_numbers> executions_;
  std::vector<seen_numbers> payments_;
};

} // namespace qalpha
