// Parts and relatives of the directional index.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns adxr, di, dm, dx, vortex.
std::span<const feature_entry> direction_indicators();

} // namespace qalpha
