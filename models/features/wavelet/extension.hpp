// What a series is taken to be beyond its ends.

#pragma once

#include <cstddef>
#include <span>

namespace qalpha {

/// Modes of PyWavelets, for a series a b c ... x y z.
enum class wavelet_boundary {
  /// ... b a | a b ... y z | z y ...
  symmetric,
  /// ... -b -a | a b ... y z | -z -y ...
  antisymmetric,
  /// ... c b | a b ... y z | y x ...
  reflect,
  /// ... 2a-b | a b ... y z | 2z-y ...
  antireflect,
  /// On along the lines through the two values at each end.
  smooth,
  /// ... y z | a b ... y z | a b ...
  periodic,
  /// ... a a | a b ... y z | z z ...
  constant,
  /// ... 0 0 | a b ... y z | 0 0 ...
  zero,
  /// As periodic, but half as many coefficients as values, no more: an odd
  /// series first repeats its last value.
  periodization,
};

/// @returns the value at any index, also beyond the ends.
/// @pre `!x.empty()`, and two values for reflect and antireflect
double extended_value(std::span<const double> x, ptrdiff_t index,
                      wavelet_boundary boundary) noexcept;

} // namespace qalpha
