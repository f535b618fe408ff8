// Bands around a mean.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns accbands, bollinger, keltner, keltner_1960.
std::span<const feature_entry> band_indicators();

} // namespace qalpha
