// Deviations, lines and likeness of the last rows.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns avgdev, beta, correl, linreg, stddev, variance.
std::span<const feature_entry> statistics();

} // namespace qalpha
