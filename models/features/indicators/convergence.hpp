// How far apart a fast and a slow average of prices are.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns macd, macdext, macdfix.
std::span<const feature_entry> convergence_indicators();

} // namespace qalpha
