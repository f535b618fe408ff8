#include "models/outlook/regimes/k_means.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qalpha {

namespace {

// A number from 0 to 1, the same on every machine.
double fraction(std::mt19937_64& generator) {
  return static_cast<double>(generator() >> 11) * 0x1.0p-53;
}

double mean_variance(const points& x) {
  auto count = static_cast<double>(x.size());
  double sum = 0;
  for (size_t column = 0; column < x.columns; ++column) {
    double mean = 0;
    for (size_t i = 0; i < x.size(); ++i)
      mean += x[i][column];
    mean /= count;
    for (size_t i = 0; i < x.size(); ++i)
      sum += (x[i][column] - mean) * (x[i][column] - mean);
  }
  return sum / count / static_cast<double>(x.columns);
}

// Points and how far each lies from its centre.
struct assignment {
  std::vector<size_t> labels;
  std::vector<double> distances;
};

assignment assign(const points& x, const points& centres) {
  assignment result;
  for (size_t i = 0; i < x.size(); ++i) {
    auto [label, distance] = nearest(centres, x[i]);
    result.labels.push_back(label);
    result.distances.push_back(distance);
  }
  return result;
}

// Moves points into groups without any, for the means only.
std::vector<size_t> filled(const assignment& by, size_t clusters) {
  auto labels = by.labels;
  auto distances = by.distances;
  std::vector<size_t> members(clusters, 0);
  for (auto label : labels)
    ++members[label];
  for (size_t cluster = 0; cluster < clusters; ++cluster) {
    if (members[cluster] != 0)
      continue;
    auto farthest = std::max_element(distances.begin(), distances.end());
    auto at = static_cast<size_t>(farthest - distances.begin());
    --members[labels[at]];
    ++members[cluster];
    labels[at] = cluster;
    *farthest = -1;
  }
  return labels;
}

points means_of(const points& x, const std::vector<size_t>& labels,
                const points& before) {
  points result{x.columns, std::vector<double>(before.values.size(), 0)};
  std::vector<double> members(before.size(), 0);
  for (size_t i = 0; i < x.size(); ++i) {
    members[labels[i]] += 1;
    auto to = result[labels[i]];
    for (size_t j = 0; j < x.columns; ++j)
      to[j] += x[i][j];
  }
  for (size_t cluster = 0; cluster < before.size(); ++cluster)
    for (size_t j = 0; j < x.columns; ++j)
      // A group can only be empty where its point was given away again.
      result[cluster][j] = members[cluster] > 0
                             ? result[cluster][j] / members[cluster]
                             : before[cluster][j];
  return result;
}

// Where each candidate would leave the points, and the best of them.
struct candidate {
  size_t point;
  double potential;
  std::vector<double> distances;
};

candidate try_centre(const points& x, size_t point,
                     const std::vector<double>& before) {
  candidate result{point, 0, before};
  for (size_t i = 0; i < x.size(); ++i) {
    auto& distance = result.distances[i];
    distance = std::min(distance, squared_distance(x[i], x[point]));
    result.potential += distance;
  }
  return result;
}

size_t draw(const std::vector<double>& weights, double total,
            std::mt19937_64& generator) {
  auto left = fraction(generator) * total;
  for (size_t i = 0; i < weights.size(); ++i) {
    left -= weights[i];
    if (left < 0)
      return i;
  }
  return weights.size() - 1;
}

} // namespace

clustering lloyd(const points& x, points centres,
                 const k_means_settings& settings) {
  clustering result;
  auto least_shift = settings.tolerance * mean_variance(x);
  auto now = assign(x, centres);
  while (result.rounds < settings.most_rounds) {
    ++result.rounds;
    auto moved = means_of(x, filled(now, centres.size()), centres);
    double shift = 0;
    for (size_t i = 0; i < centres.size(); ++i)
      shift += squared_distance(centres[i], moved[i]);
    centres = std::move(moved);
    auto before = std::move(now.labels);
    now = assign(x, centres);
    if (shift <= least_shift)
      break;
    if (now.labels == before) {
      // The round that finds nothing to do counts too.
      ++result.rounds;
      break;
    }
  }
  result.centres = std::move(centres);
  result.labels = std::move(now.labels);
  for (auto distance : now.distances)
    result.inertia += distance;
  return result;
}

points spread_centres(const points& x, size_t count,
                      std::mt19937_64& generator) {
  auto candidates = 2 + static_cast<int>(std::log(static_cast<double>(count)));
  auto first
    = static_cast<size_t>(fraction(generator) * static_cast<double>(x.size()));
  auto unbounded = std::vector<double>(x.size(),
                                       std::numeric_limits<double>::infinity());
  auto now = try_centre(x, first, unbounded);
  points result{x.columns, {}};
  result.add(x[now.point]);
  while (result.size() < count) {
    auto best = try_centre(x, draw(now.distances, now.potential, generator),
                           now.distances);
    for (int i = 1; i < candidates; ++i) {
      auto other = try_centre(x, draw(now.distances, now.potential, generator),
                              now.distances);
      if (other.potential < best.potential)
        best = std::move(other);
    }
    now = std::move(best);
    result.add(x[now.point]);
  }
  return result;
}

clustering k_means(const points& x, const k_means_settings& settings,
                   std::mt19937_64& generator) {
  auto run = [&] {
    return lloyd(x, spread_centres(x, settings.clusters, generator), settings);
  };
  auto best = run();
  for (int i = 1; i < settings.starts; ++i)
    if (auto other = run(); other.inertia < best.inertia)
      best = std::move(other);
  return best;
}

} // namespace qalpha
