// Whether the best of many trials is best for a reason.

#pragma once

#include "models/evaluation/performance.hpp"
#include "models/machine/fallible.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace qalpha {

/// What trials are compared by.
enum class trial_metric : uint8_t {
  /// Mean / deviation of a period; zero for a constant series.
  sharpe,
  mean,
};

/// Settings of `cross_validate_trials`.
struct overfitting_settings {
  /// Even, 2 to 20: the number of splits grows with its factorial.
  size_t blocks = 16;
  trial_metric metric = trial_metric::sharpe;
};

/// What choosing the best trial was worth, over all splits.
struct overfitting {
  /// Share of the splits in which the one that was best in sample is in the
  /// worse half out of sample. About one half if nothing is to be known.
  double probability = 0;
  /// Share of the splits in which the chosen one loses out of sample.
  double loss_probability = 0;
  /// Of the line from the metric in sample to that out of sample.
  figure slope = 0.0;
  figure intercept = 0.0;
  /// One a split: ln(ω / (1 − ω)), ω the rank out of sample / (trials + 1).
  std::vector<double> logits;
  /// One a split: the trial that was best in sample.
  std::vector<size_t> chosen;
};

/// Combinatorially symmetric cross-validation (Bailey, Borwein, Lopez de Prado
/// and Zhu 2017; MATHS, section 8.7): each choice of half of the blocks is in
/// sample once. Splits are in the order of dictionaries.
/// @param trials returns over the same periods; what the blocks leave over is
///               dropped at the start
/// @returns a fault if there are fewer than two trials, they differ in length,
///          or have fewer than two periods a block.
fallible<overfitting>
cross_validate_trials(std::span<const std::vector<double>> trials,
                      const overfitting_settings& settings = {});

} // namespace qalpha
