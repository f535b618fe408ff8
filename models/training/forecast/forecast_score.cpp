#include "models/neural/torch.hpp"

#include "models/training/forecast/forecast_score.hpp"

#include <algorithm>
#include <cmath>

namespace qalpha {

namespace {

size_t middle_level(const std::vector<double>& levels) {
  size_t result = 0;
  for (size_t i = 1; i < levels.size(); ++i)
    if (std::abs(levels[i] - 0.5) < std::abs(levels[result] - 0.5))
      result = i;
  return result;
}

/// @returns each `step`-th value from `first` on.
std::vector<double> every(std::span<const double> values, size_t first,
                          size_t step) {
  std::vector<double> result;
  for (auto i = first; i < values.size(); i += step)
    result.push_back(values[i]);
  return result;
}

} // namespace

double correlation_of(std::span<const double> x, std::span<const double> y) {
  auto count = static_cast<double>(x.size());
  double mean_x = 0;
  double mean_y = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    mean_x += x[i] / count;
    mean_y += y[i] / count;
  }
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

std::vector<double> correlation_by_distance(const scored_forecasts& all) {
  auto levels = all.levels.size();
  std::vector<double> result;
  for (size_t h = 0; h < all.horizon; ++h) {
    auto forecast = every(all.quantiles, h * levels + middle_level(all.levels),
                          all.horizon * levels);
    auto came = every(all.targets, h, all.horizon);
    result.push_back(correlation_of(forecast, came));
  }
  return result;
}

std::vector<double> coverage_by_level(const scored_forecasts& all) {
  std::vector<double> result(all.levels.size());
  for (size_t i = 0; i < all.targets.size(); ++i)
    for (size_t q = 0; q < result.size(); ++q)
      if (all.targets[i] <= all.quantiles[i * result.size() + q])
        result[q] += 1;
  for (auto& x : result)
    x /= static_cast<double>(all.targets.size());
  return result;
}

double mean_pinball(const scored_forecasts& all) {
  double sum = 0;
  auto levels = all.levels.size();
  for (size_t i = 0; i < all.targets.size(); ++i)
    for (size_t q = 0; q < levels; ++q) {
      auto above = all.targets[i] - all.quantiles[i * levels + q];
      sum += std::max(all.levels[q] * above, (all.levels[q] - 1) * above);
    }
  return sum / static_cast<double>(all.targets.size());
}

scored_forecasts naive_forecasts(const scored_forecasts& all,
                                 std::span<const double> past) {
  auto result = all;
  auto levels = all.levels.size();
  for (size_t h = 0; h < all.horizon; ++h) {
    auto sorted = every(past, h, all.horizon);
    std::sort(sorted.begin(), sorted.end());
    for (size_t q = 0; q < levels; ++q) {
      auto place = all.levels[q] * static_cast<double>(sorted.size() - 1);
      auto value = sorted[static_cast<size_t>(place)];
      for (size_t i = 0; i < all.size(); ++i)
        result.quantiles[(i * all.horizon + h) * levels + q] = value;
    }
  }
  return result;
}

} // namespace qalpha
