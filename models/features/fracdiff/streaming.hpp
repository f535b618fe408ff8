// The feature `fracdiff`.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns fracdiff.
std::span<const feature_entry> fractional_differences();

} // namespace qalpha
