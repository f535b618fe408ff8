// Rows of numbers in one piece of memory.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace qalpha {

/// Points of a space, one row each.
struct points {
  size_t columns = 0;
  /// Row by row.
  std::vector<double> values;

  size_t size() const noexcept {
    return columns == 0 ? 0 : values.size() / columns;
  }

  std::span<const double> operator[](size_t row) const noexcept {
    return {values.data() + row * columns, columns};
  }

  std::span<double> operator[](size_t row) noexcept {
    return {values.data() + row * columns, columns};
  }

  void add(std::span<const double> row) {
    values.insert(values.end(), row.begin(), row.end());
  }

  friend bool operator==(const points&, const points&) = default;
};

/// @pre both have the same size
inline double squared_distance(std::span<const double> x,
                               std::span<const double> y) noexcept {
  double result = 0;
  for (size_t i = 0; i < x.size(); ++i)
    result += (x[i] - y[i]) * (x[i] - y[i]);
  return result;
}

/// The centre next to a point.
struct nearest_centre {
  /// The first of equally near ones.
  size_t index;
  double squared_distance;
};

/// @pre `centres` has at least one row, as wide as `x`
inline nearest_centre nearest(const points& centres,
                              std::span<const double> x) noexcept {
  nearest_centre result{0, squared_distance(centres[0], x)};
  for (size_t i = 1; i < centres.size(); ++i)
    if (auto far = squared_distance(centres[i], x);
        far < result.squared_distance)
      result = {i, far};
  return result;
}

} // namespace qalpha
