// Who traded in the last bars, and how that moved the price.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns kyle_lambda, order_flow_z, taker_share, volume_z.
std::span<const feature_entry> trade_features();

} // namespace qalpha
