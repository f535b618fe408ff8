// What volume says about prices.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns mfi, obv.
std::span<const feature_entry> volume_indicators();

} // namespace qalpha
