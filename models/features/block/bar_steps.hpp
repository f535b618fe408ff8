// What many indicators make of a bar first.

#pragma once

#include "models/features/block/tape.hpp"

#include <cmath>

namespace qalpha {

/// @returns the larger one. Unlike `std::max` it takes no references, which
///          would keep a loop from using vectors.
QALPHA_INLINE double larger_of(double a, double b) {
  return a < b ? b : a;
}

QALPHA_INLINE double smaller_of(double a, double b) {
  return b < a ? b : a;
}

/// @returns how far a bar reaches, from the close before it.
QALPHA_INLINE double true_range(double high, double low, double close_before) {
  return larger_of(high - low, larger_of(std::abs(close_before - high),
                                         std::abs(close_before - low)));
}

QALPHA_INLINE double typical_price(double high, double low, double close) {
  return (high + low + close) / 3;
}

/// @returns 100 * part / whole, or 0 where the whole is 0.
QALPHA_INLINE double percent_of(double part, double whole) {
  auto result = 100 * (part / whole);
  return std::abs(whole) < 1e-14 ? 0.0 : result;
}

} // namespace qalpha
