// From a configuration to the input of a backtest.

#pragma once

#include "runtime/backtest/backtest.hpp"
#include "runtime/config/node_config.hpp"
#include "runtime/storage/bar_history.hpp"

#include <vector>

namespace qalpha {

/// Builds the instruments of a run.
/// @returns a fault naming the symbol whose rules are impossible.
fallible<universe> make_universe(const std::vector<instrument_rules>& rules);

/// Input and where its bars come from.
struct prepared_backtest {
  backtest_input input;
  /// By instrument.
  std::vector<data_report> data;
};

/// Reads the data files.
/// @returns a fault for a symbol without a file, a file that is not in order,
/// or
///          files with bars of different lengths.
fallible<prepared_backtest> prepare_backtest(const node_config& config);

} // namespace qalpha
