// How long ago the last rows were at their highest or lowest.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns since_highest, since_lowest.
std::span<const feature_entry> extreme_ages();

} // namespace qalpha
