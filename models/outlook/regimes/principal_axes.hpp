// The directions in which points vary most.

#pragma once

#include "models/outlook/regimes/points.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace qalpha {

/// Axes of a cloud of points, at right angles, each of length one.
struct principal_axes {
  /// Mean of the points.
  std::vector<double> origin;
  /// One row an axis, the one with the most variance first. The entry of an
  /// axis that is farthest from zero is positive, so that pictures of the same
  /// points are never mirrored.
  points axes;
  /// Sample variance along each axis.
  std::vector<double> variances;
  /// Of all columns.
  double total_variance = 0;

  /// @returns the share of all variance that lies along an axis; 0 where there
  ///          is none.
  double explained(size_t axis) const noexcept {
    return total_variance > 0 ? variances[axis] / total_variance : 0;
  }

  /// @returns where a point lies on the axes.
  std::vector<double> project(std::span<const double> x) const;
};

/// @pre at least two points, and `0 < count && count <= x.columns`
principal_axes find_axes(const points& x, size_t count);

} // namespace qalpha
