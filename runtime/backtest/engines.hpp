// The two engines of a backtest.
//
// Both run the same machines along the same wiring, one bar at a time: first
// the venue matches what was sent before, then the feed tells the bar, and
// everything that follows from it happens before the next bar. They differ in
// what carries a fact from one machine to the next, a message or a call.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/strategies/strategy.hpp"
#include "runtime/backtest/backtest.hpp"

#include <memory>
#include <vector>

namespace qalpha {

/// Direct calls: no messages, no allocation on a quiet bar.
/// @returns a fault if the strategy cannot be built, or reads a column that the
///          input does not have.
fallible<backtest_result> run_fused(const backtest_input& input);

/// The same with strategies that are there already, one an instrument, instead
/// of those that `input.strategy` stands for, whose name is for people only.
/// @returns a fault if the history lacks a column that one of them reads.
fallible<backtest_result>
run_fused(const backtest_input& input,
          std::vector<std::unique_ptr<strategy>> rules);

/// The actors of a live node on CAF's deterministic scheduler, one thread.
/// @returns as `run_fused`
fallible<backtest_result> run_actors(const backtest_input& input);

} // namespace qalpha
