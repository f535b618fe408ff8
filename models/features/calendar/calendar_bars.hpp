// Where in the day, the week and the funding interval a bar closes.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns calendar, minutes_to_funding.
std::span<const feature_entry> calendar_features();

} // namespace qalpha
