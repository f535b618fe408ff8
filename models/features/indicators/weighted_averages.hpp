// Averages that weigh the last rows, and those made of several averages.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns hma, kama, trima, wma.
std::span<const feature_entry> weighted_averages();

} // namespace qalpha
