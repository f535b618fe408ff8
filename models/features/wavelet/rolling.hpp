// Wavelets that see only what is known: the features.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns wavelet_denoise: the last value of each denoised window.
std::span<const feature_entry> rolling_denoising();

/// @returns haar_denoise and wavelet_detail: by filters that look back.
std::span<const feature_entry> causal_wavelets();

} // namespace qalpha
