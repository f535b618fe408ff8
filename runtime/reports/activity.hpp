// How much of its time a backtest held positions, and how much it traded.

#pragma once

#include "models/evaluation/performance.hpp"
#include "runtime/backtest/backtest.hpp"

#include <cstdint>
#include <optional>

namespace qalpha {

/// Counts bars at whose close the symbol had a position: exactly from the fills
/// if they were kept, else from the round trips.
/// @returns a fault if a position is open that only the fills could date.
fallible<uint64_t> bars_in_position(const backtest_input& input,
                                    const backtest_result& result);

/// @returns Σ |fill value|; `nullopt` if the fills were not kept or the sum is
///          beyond the range of money.
std::optional<money> traded_value(const backtest_input& input,
                                  const backtest_result& result);

} // namespace qalpha
