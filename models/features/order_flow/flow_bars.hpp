// What arrived at the levels of a book in the last bars.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns flow_impact, order_flow_integrated, order_flow_levels,
///          order_flow_traded, order_flow_weighted.
std::span<const feature_entry> flow_features();

} // namespace qalpha
