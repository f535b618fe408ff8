#include "models/outlook/regimes/regime_map.hpp"

#include "models/outlook/regimes/cluster_quality.hpp"
#include "models/outlook/regimes/k_means.hpp"
#include "models/outlook/regimes/matching.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace qalpha {

namespace {

constexpr double reached_share = 0.995;

bool all_finite(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(),
                     [](double x) { return std::isfinite(x); });
}

fallible<bool> check_rows(const points& latents,
                          std::span<const window_statistics> statistics) {
  if (latents.columns < 2)
    return fault{"latents: expected at least 2 columns, found "
                 + std::to_string(latents.columns)};
  if (latents.size() != statistics.size())
    return fault{"statistics: expected " + std::to_string(latents.size())
                 + " rows as latents have, found "
                 + std::to_string(statistics.size())};
  if (latents.size() < 2 * regime_count)
    return fault{"latents: expected at least "
                 + std::to_string(2 * regime_count) + " rows, found "
                 + std::to_string(latents.size())};
  if (!all_finite(latents.values))
    return fault{"latents: hold a value that is not finite"};
  for (const auto& x : statistics)
    if (!std::isfinite(x.mean_return) || !std::isfinite(x.volatility))
      return fault{"statistics: hold a value that is not finite"};
  return true;
}

// The value that a share of all values does not exceed.
double quantile_of(std::vector<double> values, double share) {
  auto at = static_cast<ptrdiff_t>(
    std::ceil(share * static_cast<double>(values.size())) - 1);
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<size_t>(at)];
}

double reach_of(const points& latents, const points& centres) {
  std::vector<double> distances;
  for (size_t i = 0; i < latents.size(); ++i)
    distances.push_back(
      std::sqrt(nearest(centres, latents[i]).squared_distance));
  return quantile_of(std::move(distances), reached_share);
}

void measure(regime_fit& fit, const points& latents,
             std::span<const size_t> labels) {
  auto step = (latents.size() + silhouette_rows - 1) / silhouette_rows;
  points some{latents.columns, {}};
  std::vector<size_t> their_labels;
  for (size_t i = 0; i < latents.size(); i += step) {
    some.add(latents[i]);
    their_labels.push_back(labels[i]);
  }
  fit.silhouette = silhouette(some, their_labels, regime_count);
  fit.variance_ratio = variance_ratio(latents, labels, regime_count);
  fit.overlap = overlap(latents, labels, regime_count);
}

} // namespace

std::array<size_t, regime_count>
name_groups(const std::array<window_statistics, regime_count>& of) {
  std::array<size_t, regime_count> groups;
  std::iota(groups.begin(), groups.end(), size_t{0});
  auto wildest = std::max_element(
    groups.begin(), groups.end(),
    [&](size_t a, size_t b) { return of[a].volatility < of[b].volatility; });
  std::iter_swap(wildest, groups.end() - 1);
  std::sort(groups.begin(), groups.end() - 1, [&](size_t a, size_t b) {
    return of[a].mean_return > of[b].mean_return
           || (of[a].mean_return == of[b].mean_return && a < b);
  });
  std::array<size_t, regime_count> result;
  result[static_cast<size_t>(regime::bull)] = groups[0];
  result[static_cast<size_t>(regime::sideways)] = groups[1];
  result[static_cast<size_t>(regime::bear)] = groups[2];
  result[static_cast<size_t>(regime::high_volatility)] = groups[3];
  return result;
}

regime_reading regime_map::read(std::span<const double> latent) const {
  std::array<double, regime_count> squared{};
  for (size_t i = 0; i < regime_count; ++i)
    squared[i] = squared_distance(centres[i], latent);
  auto least = *std::min_element(squared.begin(), squared.end());
  regime_reading result;
  double sum = 0;
  for (size_t i = 0; i < regime_count; ++i) {
    // Relative to the nearest one, which is 1 and keeps the sum from zero.
    result.probabilities[i]
      = std::exp(-0.5 * (squared[i] - least) / (spread * spread));
    sum += result.probabilities[i];
  }
  for (auto& x : result.probabilities)
    x /= sum;
  result.novelty = std::sqrt(least) / reach;
  auto position = axes.project(latent);
  result.position = {position[0], position[1]};
  return result;
}

fallible<regime_fit> fit_regimes(const points& latents,
                                 std::span<const window_statistics> statistics,
                                 uint64_t seed) {
  if (auto checked = check_rows(latents, statistics); !checked)
    return checked.error();
  std::mt19937_64 generator{seed};
  auto groups = k_means(latents, {}, generator);
  std::array<window_statistics, regime_count> means{};
  std::array<size_t, regime_count> members{};
  for (size_t i = 0; i < latents.size(); ++i) {
    auto& mean = means[groups.labels[i]];
    auto count = static_cast<double>(++members[groups.labels[i]]);
    mean.mean_return += (statistics[i].mean_return - mean.mean_return) / count;
    mean.volatility += (statistics[i].volatility - mean.volatility) / count;
  }
  if (std::count(members.begin(), members.end(), size_t{0}) > 0
      || !(groups.inertia > 0))
    return fault{"latents: do not fall into " + std::to_string(regime_count)
                 + " groups"};
  auto group_of = name_groups(means);
  regime_fit result;
  result.inertia = groups.inertia;
  result.map.centres.columns = latents.columns;
  std::array<regime, regime_count> names{};
  for (size_t i = 0; i < regime_count; ++i) {
    result.map.centres.add(groups.centres[group_of[i]]);
    result.statistics[i] = means[group_of[i]];
    result.members[i] = members[group_of[i]];
    names[group_of[i]] = static_cast<regime>(i);
  }
  for (auto label : groups.labels)
    result.labels.push_back(names[label]);
  result.map.spread
    = std::sqrt(groups.inertia / static_cast<double>(latents.values.size()));
  result.map.reach = reach_of(latents, result.map.centres);
  if (!(result.map.reach > 0))
    return fault{"latents: nearly all rows are the same few points"};
  result.map.axes = find_axes(latents, 2);
  measure(result, latents, groups.labels);
  return result;
}

void keep_names(regime_map& now, const regime_map& before) {
  points renamed{now.centres.columns, {}};
  for (auto at : match_centres(before.centres, now.centres))
    renamed.add(now.centres[at]);
  now.centres = std::move(renamed);
}

} // namespace qalpha
