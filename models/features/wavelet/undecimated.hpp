// Wavelet transforms that keep as many coefficients a level as there are
// values.

#pragma once

#include "models/features/wavelet/filters.hpp"
#include "models/machine/fallible.hpp"

#include <span>
#include <vector>

namespace qalpha {

/// Coefficients of each level, all as long as the series.
struct undecimated_level {
  std::vector<double> smooth;
  std::vector<double> detail;
};

/// Stationary transform in a circle, as `swt` of PyWavelets: from level 1 on.
/// Two-sided.
/// @returns a fault unless the length is a multiple of `2^levels`.
fallible<std::vector<undecimated_level>>
stationary_transform(std::span<const double> x, const wavelet& of,
                     size_t levels);

/// @returns the series of the coefficients: the last smooth part and all
///          details.
/// @pre `levels` as `stationary_transform` returns them
std::vector<double>
stationary_inverse(const std::vector<undecimated_level>& levels,
                   const wavelet& of);

/// What comes before the first value.
enum class modwt_boundary {
  /// The end of the series.
  periodic,
  /// The series backwards; so the transform is of twice as many values, of
  /// which the first half is kept.
  reflection,
};

/// Maximal overlap transform (Percival and Walden 2000): from level 1 on. A
/// coefficient depends on values up to its own and, in the first
/// `(2^level - 1) * (taps - 1)` rows, on what the boundary makes up.
/// @param scaling the scaling filter, its squares summing to 1
/// @returns a fault if there is no value or no level, or more than 20 levels.
fallible<std::vector<undecimated_level>>
modwt(std::span<const double> x, std::span<const double> scaling, size_t levels,
      modwt_boundary boundary);

/// @returns the series of periodic coefficients.
/// @pre `levels` as `modwt` returns them
std::vector<double> modwt_inverse(const std::vector<undecimated_level>& levels,
                                  std::span<const double> scaling);

/// @returns the scaling filter of a wavelet: its low-pass for going back.
std::vector<double> scaling_filter(const wavelet& of);

} // namespace qalpha
