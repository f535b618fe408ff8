// Questions about many rows at once, asked for every row that comes in.

#pragma once

#include <cstddef>

namespace qalpha {

/// @returns whether all values are in `[lowest, highest]`; NaN is not.
bool all_within(const double* x, size_t rows, double lowest,
                double highest) noexcept;

/// @returns whether all `low` are at most `high`.
bool all_ordered(const double* low, const double* high, size_t rows) noexcept;

/// @returns whether all bars are positive and finite, with what is inside them,
///          open or close, between low and high.
bool all_bars(const double* low, const double* inner, const double* high,
              size_t rows) noexcept;

/// @returns whether each value is `step` more than the one before it.
bool all_stepping(const double* x, size_t rows, double step) noexcept;

} // namespace qalpha
