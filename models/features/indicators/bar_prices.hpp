// One price for a bar.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns avgprice, medprice, typprice, wclprice.
std::span<const feature_entry> bar_price_indicators();

} // namespace qalpha
