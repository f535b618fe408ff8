// How well groups are told apart.

#pragma once

#include "models/outlook/regimes/points.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace qalpha {

/// For each point (b - a) / max(a, b): a is the mean distance to its own group
/// without itself, b that to the nearest other one. From -1 to 1; 0 of a
/// group with one point. Takes time with the square of the points.
/// @pre one label a point, each below `clusters`, and at least two groups with
/// points
std::vector<double> silhouettes(const points& x, std::span<const size_t> labels,
                                size_t clusters);

/// @returns the mean of the above.
double silhouette(const points& x, std::span<const size_t> labels,
                  size_t clusters);

/// Calinski and Harabasz (1974): variance between groups by that within; the
/// more, the better.
/// @pre as above
double variance_ratio(const points& x, std::span<const size_t> labels,
                      size_t clusters);

/// Davies and Bouldin (1979): how much groups overlap with the one that they
/// overlap most with; the less, the better.
/// @pre as above
double overlap(const points& x, std::span<const size_t> labels,
               size_t clusters);

/// How far two groupings of the same points agree, whatever their labels are
/// called: 1 is the same, 0 is what chance would do (Hubert and Arabie 1985).
/// @pre both have the same size
double adjusted_rand_index(std::span<const size_t> a,
                           std::span<const size_t> b);

} // namespace qalpha
