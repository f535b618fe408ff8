#include "models/evaluation/sharpe.hpp"

#include "models/evaluation/normal.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>

namespace qalpha {

namespace {

/// Deviations below this are rounding noise of a constant series.
constexpr double no_deviation = 1e-12;

/// The variance of the ratio times the number of periods less one.
double spread_of(const return_moments& of) {
  auto ratio = of.sharpe();
  return 1 - of.skew * ratio + (of.kurtosis - 1) / 4 * ratio * ratio;
}

std::optional<fault> check_spread(const return_moments& of) {
  if (of.count < 2 || !(of.deviation >= no_deviation))
    return fault{"returns without a deviation have no Sharpe ratio"};
  if (!(spread_of(of) > 0))
    return fault{"the returns are too few or too skewed for an error"};
  return std::nullopt;
}

/// @returns values with mean zero and length one.
std::vector<double> direction_of(std::span<const double> returns,
                                 const return_moments& of) {
  auto length = of.deviation * std::sqrt(static_cast<double>(of.count - 1));
  std::vector<double> result;
  result.reserve(returns.size());
  for (auto r : returns)
    result.push_back((r - of.mean) / length);
  return result;
}

/// The mean over all pairs of different trials, from the length of the sum of
/// their directions, which costs one pass.
double mean_correlation(const std::vector<std::vector<double>>& directions) {
  auto trials = static_cast<double>(directions.size());
  auto squares = 0.0;
  for (size_t t = 0; t < directions.front().size(); ++t) {
    auto sum = 0.0;
    for (const auto& one : directions)
      sum += one[t];
    squares += sum * sum;
  }
  return (squares - trials) / (trials * (trials - 1));
}

double variance_of(std::span<const double> xs) {
  auto mean = 0.0;
  for (auto x : xs)
    mean += x / static_cast<double>(xs.size());
  auto squares = 0.0;
  for (auto x : xs)
    squares += (x - mean) * (x - mean);
  return squares / static_cast<double>(xs.size() - 1);
}

} // namespace

fallible<return_moments> measure_moments(std::span<const double> returns) {
  if (returns.size() < 2)
    return fault{"returns: expected two or more, found "
                 + std::to_string(returns.size())};
  auto count = static_cast<double>(returns.size());
  return_moments result{.count = returns.size()};
  for (auto r : returns)
    result.mean += r;
  result.mean /= count;
  if (!std::isfinite(result.mean))
    return fault{"returns: expected finite values only"};
  double powers[3] = {};
  for (auto r : returns) {
    auto off = r - result.mean;
    powers[0] += off * off;
    powers[1] += off * off * off;
    powers[2] += off * off * off * off;
  }
  result.deviation = std::sqrt(powers[0] / (count - 1));
  if (!(result.deviation >= no_deviation))
    return fault{"returns: expected different values, found equal ones"};
  auto variance = powers[0] / count;
  result.skew = powers[1] / count / (variance * std::sqrt(variance));
  result.kurtosis = powers[2] / count / (variance * variance);
  return result;
}

figure sharpe_error(const return_moments& of) {
  if (auto wrong = check_spread(of))
    return *wrong;
  return std::sqrt(spread_of(of) / static_cast<double>(of.count - 1));
}

figure probabilistic_sharpe(const return_moments& of, double benchmark) {
  auto error = sharpe_error(of);
  if (!error)
    return error;
  return normal_probability((of.sharpe() - benchmark) / *error);
}

figure minimum_track_record(const return_moments& of, double benchmark,
                            double confidence) {
  if (auto wrong = check_spread(of))
    return *wrong;
  auto above = of.sharpe() - benchmark;
  if (!(above > 0))
    return fault{"no length suffices: the Sharpe ratio is not above that to "
                 "beat"};
  auto steps = normal_quantile(confidence) / above;
  return 1 + spread_of(of) * steps * steps;
}

double expected_maximum(size_t trials) {
  if (trials < 2)
    return 0;
  auto tail = 1 / static_cast<double>(trials);
  constexpr auto gamma = std::numbers::egamma;
  return (1 - gamma) * normal_quantile(1 - tail)
         + gamma * normal_quantile(1 - tail / std::numbers::e);
}

size_t independent_trials(double mean_correlation, size_t trials) {
  auto worth = mean_correlation
               + (1 - mean_correlation) * static_cast<double>(trials);
  // Trials that contradict each other are no more than there are.
  return std::clamp(static_cast<size_t>(std::max(worth, 0.0)) + 1, size_t{1},
                    trials);
}

fallible<trial_summary>
summarise_trials(std::span<const std::vector<double>> returns) {
  if (returns.size() < 2)
    return trial_summary{};
  std::vector<std::vector<double>> directions;
  std::vector<double> ratios;
  for (size_t i = 0; i < returns.size(); ++i) {
    auto name = "trial " + std::to_string(i + 1) + ": ";
    if (returns[i].size() != returns.front().size())
      return fault{name + "expected " + std::to_string(returns.front().size())
                   + " returns as in the first, found "
                   + std::to_string(returns[i].size())};
    auto moments = measure_moments(returns[i]);
    if (!moments)
      return fault{name + moments.error().text};
    ratios.push_back(moments->sharpe());
    directions.push_back(direction_of(returns[i], *moments));
  }
  return trial_summary{
    .count = independent_trials(mean_correlation(directions), returns.size()),
    .variance = variance_of(ratios)};
}

double expected_best_sharpe(const trial_summary& trials) {
  return std::sqrt(trials.variance) * expected_maximum(trials.count);
}

figure deflated_sharpe(const return_moments& best,
                       const trial_summary& trials) {
  return probabilistic_sharpe(best, expected_best_sharpe(trials));
}

} // namespace qalpha
