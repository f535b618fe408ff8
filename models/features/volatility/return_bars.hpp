// Returns of bars and the shape of their distribution.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns drawdown, log_return, return_autocorrelation,
/// return_moments, return_shape.
std::span<const feature_entry> return_features();

} // namespace qalpha
