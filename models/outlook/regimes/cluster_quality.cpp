#include "models/outlook/regimes/cluster_quality.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace qalpha {

namespace {

struct groups {
  groups(const points& x, std::span<const size_t> labels, size_t clusters)
    : centres{x.columns, std::vector<double>(clusters * x.columns, 0)},
      members(clusters, 0), spread(clusters, 0) {
    for (size_t i = 0; i < x.size(); ++i) {
      members[labels[i]] += 1;
      auto to = centres[labels[i]];
      for (size_t j = 0; j < x.columns; ++j)
        to[j] += x[i][j];
    }
    for (size_t group = 0; group < clusters; ++group)
      for (auto& value : centres[group])
        value /= std::max(members[group], 1.0);
    for (size_t i = 0; i < x.size(); ++i) {
      auto squared = squared_distance(x[i], centres[labels[i]]);
      within += squared;
      spread[labels[i]] += std::sqrt(squared) / members[labels[i]];
    }
  }

  points centres;
  std::vector<double> members;
  // Mean distance of the members from the centre.
  std::vector<double> spread;
  double within = 0;
};

double pairs(double n) {
  return n * (n - 1) / 2;
}

template <class Key>
double pairs_within(const std::map<Key, double>& counts) {
  double result = 0;
  for (const auto& [key, count] : counts)
    result += pairs(count);
  return result;
}

double silhouette_of(std::span<const double> distances,
                     std::span<const double> members, size_t own) {
  if (members[own] < 2)
    return 0;
  auto inside = distances[own] / (members[own] - 1);
  auto outside = std::numeric_limits<double>::infinity();
  for (size_t group = 0; group < members.size(); ++group)
    if (group != own && members[group] > 0)
      outside = std::min(outside, distances[group] / members[group]);
  auto larger = std::max(inside, outside);
  return larger > 0 ? (outside - inside) / larger : 0.0;
}

} // namespace

std::vector<double> silhouettes(const points& x, std::span<const size_t> labels,
                                size_t clusters) {
  groups of{x, labels, clusters};
  std::vector<double> result;
  std::vector<double> distances(clusters);
  for (size_t i = 0; i < x.size(); ++i) {
    std::fill(distances.begin(), distances.end(), 0.0);
    for (size_t j = 0; j < x.size(); ++j)
      distances[labels[j]] += std::sqrt(squared_distance(x[i], x[j]));
    result.push_back(silhouette_of(distances, of.members, labels[i]));
  }
  return result;
}

double silhouette(const points& x, std::span<const size_t> labels,
                  size_t clusters) {
  double sum = 0;
  for (auto value : silhouettes(x, labels, clusters))
    sum += value;
  return sum / static_cast<double>(x.size());
}

double variance_ratio(const points& x, std::span<const size_t> labels,
                      size_t clusters) {
  groups of{x, labels, clusters};
  groups whole{x, std::vector<size_t>(x.size(), 0), 1};
  auto between = whole.within - of.within;
  auto k = static_cast<double>(clusters);
  auto n = static_cast<double>(x.size());
  return of.within > 0 ? between * (n - k) / (of.within * (k - 1)) : 1.0;
}

double overlap(const points& x, std::span<const size_t> labels,
               size_t clusters) {
  groups of{x, labels, clusters};
  double sum = 0;
  for (size_t i = 0; i < clusters; ++i) {
    double worst = 0;
    for (size_t j = 0; j < clusters; ++j) {
      auto apart = std::sqrt(squared_distance(of.centres[i], of.centres[j]));
      if (i != j && apart > 0)
        worst = std::max(worst, (of.spread[i] + of.spread[j]) / apart);
    }
    sum += worst;
  }
  return sum / static_cast<double>(clusters);
}

double adjusted_rand_index(std::span<const size_t> a,
                           std::span<const size_t> b) {
  std::map<std::pair<size_t, size_t>, double> both;
  std::map<size_t, double> of_a;
  std::map<size_t, double> of_b;
  for (size_t i = 0; i < a.size(); ++i) {
    both[{a[i], b[i]}] += 1;
    of_a[a[i]] += 1;
    of_b[b[i]] += 1;
  }
  auto together = pairs_within(both);
  auto in_a = pairs_within(of_a);
  auto in_b = pairs_within(of_b);
  auto all = pairs(static_cast<double>(a.size()));
  auto expected = all > 0 ? in_a * in_b / all : 0.0;
  auto most = (in_a + in_b) / 2;
  // One group in both, or as many as points in both: nothing can differ.
  return most == expected ? 1.0 : (together - expected) / (most - expected);
}

} // namespace qalpha
