// How much prices vary, a year.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns ewma_volatility, garman_klass, parkinson, realised_volatility,
/// rogers_satchell, yang_zhang.
std::span<const feature_entry> volatility_features();

} // namespace qalpha
