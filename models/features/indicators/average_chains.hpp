// Averages made of several exponential ones.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns dema, t3, tema, trix, zlema.
std::span<const feature_entry> average_chains();

} // namespace qalpha
