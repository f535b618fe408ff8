// Prices at which a trend ends.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns sar, sarext, supertrend.
std::span<const feature_entry> stop_indicators();

} // namespace qalpha
