// How far prices have come.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns ao, apo, mom, ppo, roc, rocr, tsi.
std::span<const feature_entry> momentum_indicators();

} // namespace qalpha
