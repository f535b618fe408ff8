// How sure a Sharpe ratio is, and what is left of it after many trials.
//
// All ratios here are those of a period, not of a year: the length of the track
// record has to be counted in the same periods (MATHS, section 8.6; Bailey and
// Lopez de Prado 2012, 2014).

#pragma once

#include "models/evaluation/performance.hpp"
#include "models/machine/fallible.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace qalpha {

/// What the certainty of a Sharpe ratio depends on.
struct return_moments {
  size_t count = 0;
  double mean = 0;
  /// Of the sample.
  double deviation = 0;
  /// Of the population, as `kurtosis`.
  double skew = 0;
  /// 3 for a normal distribution.
  double kurtosis = 3;

  double sharpe() const noexcept {
    return mean / deviation;
  }
};

/// @returns a fault if there are fewer than two returns, all are equal or one
///          is not finite.
fallible<return_moments> measure_moments(std::span<const double> returns);

/// @returns the standard error of the Sharpe ratio, or why there is none.
figure sharpe_error(const return_moments& of);

/// @returns the probability that the true Sharpe ratio is above `benchmark`.
figure probabilistic_sharpe(const return_moments& of, double benchmark = 0);

/// @returns the number of periods after which a Sharpe ratio like this one is
///          above `benchmark` with that confidence; a fault if it is not above
///          it, since no length would do then.
figure minimum_track_record(const return_moments& of, double benchmark = 0,
                            double confidence = 0.95);

/// @returns the mean of the largest of `trials` standard normal values, which
///          is zero for one. An approximation, poor below five.
/// @pre `trials > 0`
double expected_maximum(size_t trials);

/// What was tried before one was chosen.
struct trial_summary {
  /// Independent ones.
  size_t count = 1;
  /// Sample variance of the Sharpe ratios of a period.
  double variance = 0;
};

/// @returns how many independent trials so many with that mean correlation are
///          worth.
/// @pre `trials > 0`
size_t independent_trials(double mean_correlation, size_t trials);

/// @param returns one vector a trial, over the same periods
/// @returns the number of independent trials and how their ratios vary, or a
///          fault naming the trial without a Sharpe ratio or of another length.
fallible<trial_summary>
summarise_trials(std::span<const std::vector<double>> returns);

/// @returns the Sharpe ratio that the best of so many worthless trials is
///          expected to show.
double expected_best_sharpe(const trial_summary& trials);

/// @returns the probability that the true ratio is above what chance alone
///          would have shown: `probabilistic_sharpe` against
///          `expected_best_sharpe`.
figure deflated_sharpe(const return_moments& best, const trial_summary& trials);

} // namespace qalpha
