// The features by name. A user adds one here.

#pragma once

#include "models/features/feature_entry.hpp"

#include <string_view>
#include <vector>

namespace qalpha {

/// @returns all features, sorted by name.
const std::vector<feature_entry>& feature_catalogue();

/// @returns the entry of that name, or `nullptr`.
const feature_entry* find_feature(std::string_view name);

} // namespace qalpha
