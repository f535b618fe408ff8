// What is made of the highest and the lowest of the last rows.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns aroon, donchian, midpoint, sum, ulcer.
std::span<const feature_entry> extreme_indicators();

} // namespace qalpha
