#include "models/evaluation/forecast_skill.hpp"

#include "models/evaluation/long_run.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>

namespace qalpha {

namespace {

double mean_of(std::span<const double> xs) {
  return std::accumulate(xs.begin(), xs.end(), 0.0)
         / static_cast<double>(xs.size());
}

bool is_median(double level) {
  return std::abs(level - 0.5) < 1e-9;
}

size_t nearest_to_median(std::span<const double> levels) {
  auto nearer = [](double a, double b) {
    return std::abs(a - 0.5) < std::abs(b - 0.5);
  };
  return static_cast<size_t>(std::ranges::min_element(levels, nearer)
                             - levels.begin());
}

/// One column of rows that are `width` wide.
std::vector<double> column_of(std::span<const double> rows, size_t width,
                              size_t column) {
  std::vector<double> result;
  for (auto i = column; i < rows.size(); i += width)
    result.push_back(rows[i]);
  return result;
}

std::vector<double> losses_of(std::span<const double> outcomes,
                              std::span<const double> quantiles, double level) {
  std::vector<double> result;
  result.reserve(outcomes.size());
  for (size_t i = 0; i < outcomes.size(); ++i)
    result.push_back(pinball_loss(outcomes[i], quantiles[i], level));
  return result;
}

void add(std::vector<double>& sum, std::span<const double> xs) {
  for (size_t i = 0; i < sum.size(); ++i)
    sum[i] += xs[i];
}

std::optional<fault> check(const forecast_record& record) {
  auto cells = record.outcomes.size() * record.levels.size();
  if (record.levels.empty() || record.quantiles.size() != cells
      || record.naive.size() != cells)
    return fault{"forecasts: expected one value a level for each of "
                 + std::to_string(record.outcomes.size()) + " outcomes, found "
                 + std::to_string(record.quantiles.size()) + " and "
                 + std::to_string(record.naive.size()) + " naive ones"};
  if (record.outcomes.size() < 2)
    return fault{"outcomes: expected two or more, found "
                 + std::to_string(record.outcomes.size())};
  auto finite = [](double x) { return std::isfinite(x); };
  if (!std::ranges::all_of(record.outcomes, finite)
      || !std::ranges::all_of(record.quantiles, finite)
      || !std::ranges::all_of(record.naive, finite))
    return fault{"forecasts: expected finite values only"};
  return std::nullopt;
}

/// The share of losses saved, with the error of a ratio of means.
estimate skill_of(std::span<const double> ours, std::span<const double> naive,
                  size_t lag) {
  auto base = mean_of(naive);
  if (!(base > 0))
    return {fault{"the naive forecast was never wrong"},
            fault{"the naive forecast was never wrong"}};
  auto ratio = mean_of(ours) / base;
  std::vector<double> influence;
  for (size_t i = 0; i < ours.size(); ++i)
    influence.push_back((ours[i] - ratio * naive[i]) / base);
  return {1 - ratio, long_run_error(influence, lag)};
}

figure hits_of(std::span<const double> medians,
               std::span<const double> outcomes) {
  auto hits = 0.0;
  auto count = 0.0;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    auto product = medians[i] * outcomes[i];
    hits += product > 0 ? 1 : 0;
    count += product != 0 ? 1 : 0;
  }
  if (count == 0)
    return fault{"no forecast had a sign"};
  return hits / count;
}

figure risk_of(double loss, double size) {
  if (!(size > 0))
    return fault{"no outcome differs from zero"};
  return 2 * loss / size;
}

} // namespace

double empirical_quantile(std::span<const double> sorted, double level) {
  auto place = level * static_cast<double>(sorted.size() - 1);
  auto below = static_cast<size_t>(place);
  auto above = std::min(below + 1, sorted.size() - 1);
  auto share = place - static_cast<double>(below);
  return sorted[below] + share * (sorted[above] - sorted[below]);
}

std::vector<double> naive_quantiles(std::span<const double> past,
                                    std::span<const double> levels) {
  std::vector<double> sorted{past.begin(), past.end()};
  std::ranges::sort(sorted);
  std::vector<double> result;
  for (auto level : levels)
    result.push_back(is_median(level) ? 0 : empirical_quantile(sorted, level));
  // A drift so strong that the zero is not between its neighbours.
  std::ranges::sort(result);
  return result;
}

estimate measure_correlation(std::span<const double> xs,
                             std::span<const double> ys, size_t lag) {
  auto mean_x = mean_of(xs);
  auto mean_y = mean_of(ys);
  auto xx = 0.0;
  auto yy = 0.0;
  auto xy = 0.0;
  auto count = static_cast<double>(xs.size());
  for (size_t i = 0; i < xs.size(); ++i) {
    auto x = xs[i] - mean_x;
    auto y = ys[i] - mean_y;
    xx += x * x / count;
    yy += y * y / count;
    xy += x * y / count;
  }
  if (!(xx > 1e-30) || !(yy > 1e-30))
    return {fault{"a constant series has no correlation"},
            fault{"a constant series has no correlation"}};
  auto correlation = xy / std::sqrt(xx * yy);
  std::vector<double> influence;
  influence.reserve(xs.size());
  for (size_t i = 0; i < xs.size(); ++i) {
    auto x = (xs[i] - mean_x) / std::sqrt(xx);
    auto y = (ys[i] - mean_y) / std::sqrt(yy);
    influence.push_back(x * y - correlation * (x * x + y * y) / 2);
  }
  return {correlation, long_run_error(influence, lag)};
}

fallible<forecast_skill> measure_forecasts(const forecast_record& record) {
  if (auto wrong = check(record))
    return *wrong;
  const auto& outcomes = record.outcomes;
  auto width = record.levels.size();
  auto lag = long_run_lag(outcomes.size(), record.horizon);
  auto size = 0.0;
  for (auto y : outcomes)
    size += std::abs(y) / static_cast<double>(outcomes.size());
  forecast_skill result{.count = outcomes.size()};
  std::vector<double> ours(outcomes.size());
  std::vector<double> theirs(outcomes.size());
  for (size_t i = 0; i < width; ++i) {
    auto level = record.levels[i];
    auto quantiles = column_of(record.quantiles, width, i);
    auto losses = losses_of(outcomes, quantiles, level);
    auto naive = losses_of(outcomes, column_of(record.naive, width, i), level);
    std::vector<double> covered;
    for (size_t t = 0; t < outcomes.size(); ++t)
      covered.push_back(outcomes[t] <= quantiles[t] ? 1 : 0);
    level_skill one{
      .level = level, .loss = mean_of(losses), .naive_loss = mean_of(naive)};
    one.risk = risk_of(one.loss, size);
    one.naive_risk = risk_of(one.naive_loss, size);
    one.coverage = {mean_of(covered), long_run_error(covered, lag)};
    result.levels.push_back(std::move(one));
    add(ours, losses);
    add(theirs, naive);
  }
  auto medians = column_of(record.quantiles, width,
                           nearest_to_median(record.levels));
  result.skill = skill_of(ours, theirs, lag);
  result.correlation = measure_correlation(medians, outcomes, lag);
  result.hits = hits_of(medians, outcomes);
  return result;
}

} // namespace qalpha
