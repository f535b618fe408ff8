// Whether prices go somewhere, and how strongly.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns adx, ichimoku.
std::span<const feature_entry> trend_indicators();

} // namespace qalpha
