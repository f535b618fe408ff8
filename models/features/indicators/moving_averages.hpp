// Means of the last rows, weighted in different ways.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns sma, ema.
std::span<const feature_entry> moving_averages();

} // namespace qalpha
