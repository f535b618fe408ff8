// How one-sided the trades of the last bars were.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns vpin, vpin_bulk.
std::span<const feature_entry> vpin_features();

} // namespace qalpha
