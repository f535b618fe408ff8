// What takers paid in the last bars.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns effective_spread, realised_spread.
std::span<const feature_entry> cost_features();

} // namespace qalpha
