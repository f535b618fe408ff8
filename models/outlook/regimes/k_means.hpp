// Points put into groups around their means.

#pragma once

#include "models/outlook/regimes/points.hpp"

#include <cstdint>
#include <random>
#include <vector>

namespace qalpha {

/// Groups of points.
struct clustering {
  points centres;
  /// Of each point: its centre is the nearest, the first of equally near ones.
  std::vector<size_t> labels;
  /// Sum of the squared distances to the centres.
  double inertia = 0;
  /// Rounds until nothing changed.
  int rounds = 0;
};

struct k_means_settings {
  size_t clusters = 4;
  /// Beginnings, of which the best counts.
  int starts = 20;
  int most_rounds = 300;
  /// Centres that together move by less than this share of the mean variance
  /// of the columns have arrived.
  double tolerance = 1e-4;
};

/// Lloyd's algorithm from given centres. A group that loses all its points
/// takes the one that lies farthest from its centre.
/// @pre at least one point, and not more centres than points
clustering lloyd(const points& x, points centres,
                 const k_means_settings& settings);

/// Chooses centres as k-means++ does (Arthur and Vassilvitskii 2007): far from
/// each other, each the best of a few candidates. Equal generators choose
/// equal centres.
/// @pre as above
points spread_centres(const points& x, size_t count,
                      std::mt19937_64& generator);

/// The best of several runs.
/// @pre as above
clustering k_means(const points& x, const k_means_settings& settings,
                   std::mt19937_64& generator);

} // namespace qalpha
