// What only perpetual futures have.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns basis, basis_reference, funding, open_interest_change.
std::span<const feature_entry> derivative_features();

} // namespace qalpha
