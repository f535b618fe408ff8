// The inner loops of the wavelet transform.

#pragma once

#include "models/features/block/vector_level.hpp"
#include "models/features/wavelet/filters.hpp"

#include <cstddef>
#include <vector>

namespace qalpha {

/// Taps of a wavelet as the loops read them.
struct wavelet_taps {
  explicit wavelet_taps(const wavelet& of);

  /// Half the number of taps.
  size_t half;
  /// Analysis: for each pair of values, low by the even and by the odd one,
  /// then high likewise.
  std::vector<double> analysis;
  /// Synthesis: for each coefficient, even value by low and high, then odd.
  std::vector<double> synthesis;
};

/// Filters and takes every second: `low[i]` and `high[i]` of the values from
/// `2 * i` on, which come as those at even and those at odd places. The same
/// bits on every processor.
/// @param even, odd `count + taps.half - 1` values each
void wavelet_analysis(const wavelet_taps& taps, const double* even,
                      const double* odd, size_t count, double* low,
                      double* high, vector_level level) noexcept;

/// Goes back: the two values of each pair `i` from the coefficients `i` to
/// `i + taps.half - 1`. The same bits on every processor.
/// @param low, high `pairs + taps.half - 1` coefficients each
/// @param values `2 * pairs` of them come out
void wavelet_synthesis(const wavelet_taps& taps, const double* low,
                       const double* high, size_t pairs, double* values,
                       vector_level level) noexcept;

} // namespace qalpha
