// A column as it is, as it was, and its highest and lowest.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns highest, lag, lowest, value.
std::span<const feature_entry> plain_columns();

} // namespace qalpha
