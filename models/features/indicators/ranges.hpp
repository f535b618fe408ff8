// How much prices move.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns atr, natr, true_range.
std::span<const feature_entry> range_indicators();

} // namespace qalpha
