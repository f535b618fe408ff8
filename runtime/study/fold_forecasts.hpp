// Trains a model for each fold and asks it about the test.

#pragma once

#include "models/outlook/outlook.hpp"
#include "runtime/study/study.hpp"

#include <vector>

namespace qalpha {

/// What was forecast out of sample.
struct study_forecasts {
  /// By instrument, oldest first.
  std::vector<std::vector<forecast_made>> said;
  /// By instrument, then by distance.
  std::vector<std::vector<forecast_record>> records;
  std::vector<study_fold> folds;
};

/// @returns the bars of an instrument that open at `from` or later and close by
///          `until`.
std::vector<bar> bars_between(const std::vector<bar>& bars, utc_time from,
                              utc_time until);

/// @returns the columns that bars have, for those who learn from them.
market_rows rows_of(const instrument& rules, const std::vector<bar>& bars);

/// @param folds not empty
fallible<study_forecasts>
forecast_folds(const backtest_input& market, const study_settings& settings,
               const std::vector<walk_forward_fold>& folds,
               forecast_maker& maker, const study_progress& progress);

} // namespace qalpha
