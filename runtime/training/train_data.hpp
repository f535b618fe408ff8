// Bars to train on, generated or from files.

#pragma once

#include "runtime/training/train_config.hpp"

#include <vector>

namespace qalpha {

/// Bars, and the truth beside them where there is one.
struct train_data {
  std::vector<market_rows> history;
  /// One a row of the only history, for planted regimes.
  std::vector<regime> truth;
};

/// @returns a fault naming the file and what is wrong with it.
fallible<train_data> load_train_data(const data_source& source,
                                     std::chrono::milliseconds interval);

} // namespace qalpha
