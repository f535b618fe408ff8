// Volume weighted by where bars close.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns ad, adosc, cmf.
std::span<const feature_entry> money_flow_indicators();

} // namespace qalpha
