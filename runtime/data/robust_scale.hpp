// Center and width of numbers, whatever a few of them are.

#pragma once

#include <optional>
#include <vector>

namespace qalpha {

/// Where most of the numbers are.
struct center_and_width {
  double center = 0;
  /// Estimates the standard deviation; positive.
  double width = 0;
};

/// @returns the median and 1.4826 times the median distance from it; where more
///          than half of the numbers are equal, 1.2533 times the mean distance.
///          `nullopt` for no numbers and for numbers that are all equal.
std::optional<center_and_width> robust_scale(std::vector<double> numbers);

} // namespace qalpha
