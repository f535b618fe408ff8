// How the learning rate changes over the steps of a training, as a factor.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace qalpha {

/// Lengths of a schedule, in optimiser steps from 0.
struct schedule_lengths {
  /// Steps of the rise.
  int64_t warm_up = 0;
  /// All steps, the rise included.
  int64_t total = 0;
};

/// Rises from 0 in a line, then falls to 0 as half a cosine and stays there.
inline double warm_up_and_cosine(int64_t step, const schedule_lengths& of) {
  auto rise = static_cast<double>(std::max<int64_t>(1, of.warm_up));
  if (step < of.warm_up)
    return static_cast<double>(step) / rise;
  if (step >= of.total)
    return 0;
  auto fall = static_cast<double>(std::max<int64_t>(1, of.total - of.warm_up));
  auto done = static_cast<double>(step - of.warm_up) / fall;
  return std::max(0.0, 0.5 * (1 + std::cos(std::numbers::pi * done)));
}

/// The same, but never below `floor` once risen.
inline double warm_up_and_floored_cosine(int64_t step,
                                         const schedule_lengths& of,
                                         double floor = 0.1) {
  auto factor = warm_up_and_cosine(step, of);
  return step < of.warm_up ? factor : std::max(floor, factor);
}

/// Rises in a line from the first step on, then stays at 1.
inline double warm_up_and_constant(int64_t step, const schedule_lengths& of) {
  auto rise = static_cast<double>(std::max<int64_t>(1, of.warm_up));
  return std::min(1.0, static_cast<double>(step + 1) / rise);
}

} // namespace qalpha
