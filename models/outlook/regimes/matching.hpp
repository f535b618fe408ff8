// Which of the new belongs to which of the old.

#pragma once

#include "models/outlook/regimes/points.hpp"

#include <cstddef>
#include <vector>

namespace qalpha {

/// Finds the cheapest way to give each row a column of its own (Hungarian
/// method; Kuhn 1955).
/// @param costs as many columns as rows
/// @returns for each row its column.
std::vector<size_t> cheapest_assignment(const points& costs);

/// @returns for each old centre the new one that belongs to it: distances add
///          up to the least.
/// @pre both have the same size
std::vector<size_t> match_centres(const points& before, const points& now);

} // namespace qalpha
