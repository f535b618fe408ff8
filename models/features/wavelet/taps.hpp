// Low-pass decomposition filters of three families, as PyWavelets orders them.

#pragma once

#include <cstddef>
#include <span>

namespace qalpha {

/// @param order 1 to 20
std::span<const double> daubechies_taps(size_t order) noexcept;

/// @param order 2 to 20
std::span<const double> symlet_taps(size_t order) noexcept;

/// @param order 1 to 17
std::span<const double> coiflet_taps(size_t order) noexcept;

} // namespace qalpha
