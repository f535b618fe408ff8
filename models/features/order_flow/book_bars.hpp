// What the best prices and their queues say at the close of a bar.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns imbalance, relative_spread, weighted_mid.
std::span<const feature_entry> book_features();

} // namespace qalpha
