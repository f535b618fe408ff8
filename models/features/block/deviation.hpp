// How far the last rows are from a given middle.

#pragma once

#include "models/features/block/tape.hpp"

#include <cmath>

namespace qalpha {

namespace detail {

QALPHA_INLINE void add_magnitude(eight_rows& to, const eight_rows& x) {
  using bits = uint64_t __attribute__((vector_size(64)));
  to += (eight_rows)((bits)x & (UINT64_MAX >> 1));
}

} // namespace detail

/// Sums `|x - middle|` over the last `length` rows, for each row with a middle
/// of its own. Four sums, of every fourth row, do not wait for each other.
/// @param x reaches back `length` rows
template <class Rows>
QALPHA_INLINE void sum_deviations(const Rows& now, size_t length,
                                  const double* x, const double* middle,
                                  double* out) {
  auto oldest = x - (length - 1);
  size_t i = 0;
  if constexpr (Rows::most >= 8) {
    for (; i + 8 <= now.count; i += 8) {
      eight_rows center;
      load_rows(center, middle + i);
      eight_rows sums[4] = {};
      auto add = [&](size_t lane, size_t j) __attribute__((always_inline)) {
        eight_rows value;
        load_rows(value, oldest + i + j);
        value -= center;
        detail::add_magnitude(sums[lane], value);
      };
      size_t j = 0;
      for (; j + 4 <= length; j += 4) {
        add(0, j);
        add(1, j + 1);
        add(2, j + 2);
        add(3, j + 3);
      }
      for (size_t lane = 0; j < length; ++j, ++lane)
        add(lane, j);
      store_rows(out + i, (sums[0] + sums[2]) + (sums[1] + sums[3]));
    }
  }
  for (; i < now.count; ++i) {
    auto center = middle[i];
    auto from = oldest + i;
    double sums[4] = {};
    size_t j = 0;
    for (; j + 4 <= length; j += 4)
      for (size_t lane = 0; lane < 4; ++lane)
        sums[lane] += std::abs(from[j + lane] - center);
    for (size_t lane = 0; j < length; ++j, ++lane)
      sums[lane] += std::abs(from[j] - center);
    out[i] = (sums[0] + sums[2]) + (sums[1] + sums[3]);
  }
}

} // namespace qalpha
