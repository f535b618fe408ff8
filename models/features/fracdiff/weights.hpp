// The weights of a fractional difference.

#pragma once

#include "models/machine/fallible.hpp"

#include <vector>

namespace qalpha {

inline constexpr double highest_fracdiff_order = 2;
inline constexpr double lowest_fracdiff_threshold = 1e-6;

/// Expands `(1 - B)^d`, where B is the step to the row before: `w[0] = 1`,
/// `w[k] = -w[k-1] * (d - k + 1) / k`. The window is fixed: it ends before the
/// first weight smaller than the threshold (López de Prado 2018, chapter 5).
/// @param d 0 to `highest_fracdiff_order`; 0 changes nothing, 1 is the plain
///          difference
/// @param threshold at least `lowest_fracdiff_threshold`, below 1
/// @returns the weight of the newest row first, or a fault naming what is out
///          of range.
fallible<std::vector<double>> fracdiff_weights(double d, double threshold);

} // namespace qalpha
