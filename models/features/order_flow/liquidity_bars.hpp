// How liquid the last bars were.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns amihud, roll_spread.
std::span<const feature_entry> liquidity_features();

} // namespace qalpha
