// The fingerprint of a run.

#pragma once

#include "models/execution/decision.hpp"
#include "models/execution/order.hpp"
#include "models/market/instrument.hpp"
#include "models/risk/trading_state.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace qalpha {

/// Hashes what a run decided and did. Each symbol has streams of decisions, of
/// their outcomes, of orders, and of what the venue says about them, halts have
/// one; every stream comes from one place, in the order of time, so that it
/// does not matter which of two places was faster. The run hash combines the
/// streams sorted by symbol name, so that it depends neither on how symbols
/// interleave nor on their order in the configuration. FNV-1a with 64 bits over
/// little-endian fields; equal runs have equal hashes, it is no defence against
/// forgery.
///
/// What only tells one life of a process from another stays out: node and epoch
/// of order ids, the epoch of the gate, the index of symbols, and the numbers
/// that a venue gives to executions.
class run_trace {
public:
  explicit run_trace(const universe& instruments);

  void add(const decision& fact);
  void add(const decision_outcome& fact);
  void add(const order_intent& fact);
  void add(const order_report& fact);
  void add(const fill& fact);
  void add(const funding_payment& fact);
  /// Counts halts and reductions, ignores other states; the resume code stays
  /// out.
  void add(const state_changed& fact);

  /// @returns 16 hexadecimal digits.
  std::string hash() const;

  /// @returns the number of facts counted.
  uint64_t size() const noexcept {
    return size_;
  }

private:
  struct streams {
    uint64_t decisions;
    uint64_t outcomes;
    uint64_t orders;
    uint64_t answers;
  };

  std::vector<std::string> names_;
  std::vector<streams> symbols_;
  uint64_t halts_;
  uint64_t size_ = 0;
};

} // namespace qalpha
