// What models would have been worth: trained on the past again and again, asked
// about what came next, and traded on it, next to simple rules.

#pragma once

#include "models/evaluation/forecast_skill.hpp"
#include "models/evaluation/overfitting.hpp"
#include "models/evaluation/performance.hpp"
#include "models/evaluation/predictive_ability.hpp"
#include "models/evaluation/sharpe.hpp"
#include "models/evaluation/walk_forward.hpp"
#include "models/outlook/forecast_maker.hpp"
#include "runtime/backtest/backtest.hpp"
#include "runtime/reports/backtest_report.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace qalpha {

/// What is studied.
struct study_settings {
  walk_forward_lengths lengths;
  /// Bars ahead at which forecasts are judged, rising.
  std::vector<size_t> distances;
  /// Figures of `trinity` that trade the forecasts, one run each.
  std::vector<std::map<std::string, double>> trades;
  /// What they are compared with; `buy_and_hold` always is.
  std::vector<strategy_choice> rules;
  /// Trials of earlier studies on the same history: they count as well.
  uint64_t earlier_trials = 0;
};

/// Forecasts of one instrument at one distance, over all tests.
struct study_skill {
  std::string series;
  size_t ahead = 0;
  fallible<forecast_skill> figures = fault{"not measured"};
};

/// One training and its test.
struct study_fold {
  walk_forward_fold times;
  /// Bars of all instruments that were learned from, and asked about.
  uint64_t training_bars = 0;
  uint64_t test_bars = 0;
  uint64_t forecasts = 0;
};

/// One strategy over all tests, without a break.
struct study_run {
  std::string name;
  /// It trades the forecasts.
  bool learns = false;
  /// One of those that were chosen from.
  bool is_trial = true;
  backtest_report report;
  /// Returns of the days.
  std::vector<double> daily;
  /// Geometric mean of a twelfth of a year.
  figure monthly = fault{"not measured"};
  /// Probability that the true Sharpe ratio is above zero.
  figure certainty = fault{"not measured"};
  /// Probability that it is above what the best of all trials shows by chance.
  figure deflated = fault{"not measured"};
  /// Days of such returns until the Sharpe ratio is above zero with 95 %.
  figure days_needed = fault{"not measured"};
};

/// All of it.
struct study_result {
  std::string model;
  std::vector<std::string> series;
  uint64_t earlier_trials = 0;
  std::vector<data_summary> data;
  std::vector<study_fold> folds;
  std::vector<study_skill> skills;
  /// Those that learn first, `buy_and_hold` last.
  std::vector<study_run> runs;
  /// The independent trials, earlier ones included, with the variance of the
  /// Sharpe ratios of a day.
  trial_summary trials;
  /// Whether choosing the best of the runs was luck.
  fallible<overfitting> chosen = fault{"not measured"};
  /// Whether the best run beats buying and holding by more than luck.
  fallible<superior_ability> superior = fault{"not measured"};
};

/// A result is significant above this probability.
inline constexpr double significance = 0.95;

/// Told after each fold, for people who wait.
using study_progress = std::function<void(size_t fold, size_t folds)>;

/// Trains, asks, trades and compares. Equal inputs give equal results.
/// @param market instruments, bars, costs and limits; its strategy is ignored
/// @returns a fault if the history is too short, a model cannot be trained or
///          its forecasts do not reach the distances.
fallible<study_result>
run_study(const backtest_input& market, const study_settings& settings,
          forecast_maker& maker, const study_progress& progress = {});

} // namespace qalpha
