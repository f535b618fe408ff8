// Where the close stands among the last prices.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns cci, rsi, stochastic, williams_r.
std::span<const feature_entry> oscillators();

} // namespace qalpha
