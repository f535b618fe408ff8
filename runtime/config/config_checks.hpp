// What no single setting can tell.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/config/node_config.hpp"

#include <vector>

namespace qalpha {

/// @returns a fault "key: reason" for each combination that cannot work.
std::vector<fault> impossible_combinations(const node_config& config);

} // namespace qalpha
