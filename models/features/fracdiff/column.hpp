// Fractional differences of a whole column, for research and training.

#pragma once

#include "models/machine/fallible.hpp"

#include <span>
#include <vector>

namespace qalpha {

/// Computes what the feature `fracdiff` computes row by row, by Fourier
/// transforms of overlapping blocks: the same but for the order of the sums, so
/// within 8 units in the last place of the largest logarithm. What trades
/// uses the feature.
/// @param logs natural logarithms of prices
/// @returns as many values, undefined before the first full window; or a fault
///          if a value is not finite, a parameter is out of range, or the
///          column is not longer than the window.
fallible<std::vector<double>> fracdiff_column(std::span<const double> logs,
                                              double d, double threshold);

} // namespace qalpha
