// What windows of values are folded into.

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace qalpha {

/// Sums of several columns.
template <size_t N>
struct sums {
  std::array<double, N> of{};

  static sums merged(const sums& a, const sums& b) noexcept {
    sums result;
    for (size_t i = 0; i < N; ++i)
      result.of[i] = a.of[i] + b.of[i];
    return result;
  }
};

/// The largest value.
struct largest {
  double value = 0;

  static largest merged(const largest& a, const largest& b) noexcept {
    return {std::max(a.value, b.value)};
  }
};

/// Mean and sum of squared deviations from it. Values that are all equal have
/// exactly no deviation.
struct moments {
  double count = 0;
  double mean = 0;
  double squares = 0;

  static moments of(double x) noexcept {
    return {1, x, 0};
  }

  static moments merged(const moments& a, const moments& b) noexcept {
    auto count = a.count + b.count;
    auto apart = b.mean - a.mean;
    auto share = b.count / count;
    return {count, a.mean + apart * share,
            (a.squares + b.squares) + apart * apart * a.count * share};
  }

  /// @returns the sample variance; 0 of a single value.
  double variance() const noexcept {
    return count > 1 ? squares / (count - 1) : 0.0;
  }
};

/// The same up to the fourth power.
struct shape_moments {
  double count = 0;
  double mean = 0;
  double squares = 0;
  double cubes = 0;
  double fourths = 0;

  static shape_moments of(double x) noexcept {
    return {1, x, 0, 0, 0};
  }

  static shape_moments merged(const shape_moments& a,
                              const shape_moments& b) noexcept {
    auto n = a.count + b.count;
    auto apart = b.mean - a.mean;
    auto x = apart / n;
    auto ab = a.count * b.count;
    auto moved = apart * x * ab;
    shape_moments result;
    result.count = n;
    result.mean = a.mean + x * b.count;
    result.squares = (a.squares + b.squares) + moved;
    result.cubes = (a.cubes + b.cubes) + moved * x * (a.count - b.count)
                   + 3 * x * (a.count * b.squares - b.count * a.squares);
    result.fourths
      = (a.fourths + b.fourths)
        + moved * x * x * (a.count * a.count - ab + b.count * b.count)
        + 6 * x * x
            * (a.count * a.count * b.squares + b.count * b.count * a.squares)
        + 4 * x * (a.count * b.cubes - b.count * a.cubes);
    return result;
  }
};

/// Means of two columns and sums of the products of deviations from them.
struct pair_moments {
  double count = 0;
  double mean_x = 0;
  double mean_y = 0;
  double xx = 0;
  double xy = 0;
  double yy = 0;

  static pair_moments of(double x, double y) noexcept {
    return {1, x, y, 0, 0, 0};
  }

  static pair_moments merged(const pair_moments& a,
                             const pair_moments& b) noexcept {
    auto n = a.count + b.count;
    auto dx = b.mean_x - a.mean_x;
    auto dy = b.mean_y - a.mean_y;
    auto share = b.count / n;
    auto weight = a.count * share;
    return {n,
            a.mean_x + dx * share,
            a.mean_y + dy * share,
            (a.xx + b.xx) + dx * dx * weight,
            (a.xy + b.xy) + dx * dy * weight,
            (a.yy + b.yy) + dy * dy * weight};
  }
};

} // namespace qalpha
