// Prices weighted by volume.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns vwap, vwap_rolling.
std::span<const feature_entry> vwap_indicators();

} // namespace qalpha
