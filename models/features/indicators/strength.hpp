// Which side prices are on, between bounds.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns bop, cmo, imi, stochrsi, ultosc.
std::span<const feature_entry> strength_indicators();

} // namespace qalpha
