// How many facts a journal holds.

#pragma once

#include "models/execution/decision.hpp"
#include "models/risk/trading_state.hpp"

#include <cstdint>

namespace qalpha {

/// Facts of a journal by kind. Duplicates of fills and payments do not count.
struct journal_counts {
  uint64_t decisions = 0;
  uint64_t ordered = 0;
  uint64_t refused = 0;
  uint64_t unchanged = 0;
  uint64_t superseded = 0;
  uint64_t orders = 0;
  uint64_t reports = 0;
  uint64_t fills = 0;
  uint64_t payments = 0;
  /// All changes of the trading state, and those among them that halted.
  uint64_t states = 0;
  uint64_t halts = 0;

  /// @returns decisions that have ended.
  constexpr uint64_t outcomes() const noexcept {
    return ordered + refused + unchanged + superseded;
  }

  /// @returns decisions whose end is not journaled yet.
  constexpr uint64_t pending() const noexcept {
    return decisions - outcomes();
  }

  constexpr void add(decision_result result, uint64_t n = 1) noexcept {
    switch (result) {
      case decision_result::ordered:
        ordered += n;
        break;
      case decision_result::refused:
        refused += n;
        break;
      case decision_result::unchanged:
        unchanged += n;
        break;
      case decision_result::superseded:
        superseded += n;
        break;
    }
  }

  constexpr void add(trading_state state, uint64_t n = 1) noexcept {
    states += n;
    if (state == trading_state::halted)
      halts += n;
  }

  friend bool operator==(const journal_counts&, const journal_counts&)
    = default;
};

} // namespace qalpha
