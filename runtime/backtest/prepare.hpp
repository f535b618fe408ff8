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

/// Who reads features.
struct feature_reader {
  /// "the strategy sma_cross"
  std::string name;
  feature_plan plan;
};

/// Reads the columns that somebody reads beside bars from the files that the
/// bars come from.
/// @returns nothing if nobody reads any; a fault naming the file, the column
/// and
///          who reads it for one that is missing, and the row and column for a
///          cell that is neither a number nor empty.
fallible<std::vector<history_columns>>
read_columns(const node_config& config, const backtest_input& input,
             const std::vector<feature_reader>& readers);

} // namespace qalpha
