// The micro-price at the close of a bar.

#pragma once

#include "models/features/feature_entry.hpp"
#include "models/features/order_flow/micro_price.hpp"

#include <map>
#include <span>
#include <string>

namespace qalpha {

/// Buckets of the queue share that `micro_price` tells apart, of equal width.
inline constexpr size_t micro_price_buckets = 10;

/// Widest spread for which it has adjustments, ticks.
inline constexpr size_t micro_price_spreads = 4;

/// @returns micro_price.
std::span<const feature_entry> micro_price_features();

/// @returns the parameters of the feature that stand for these adjustments.
/// @pre its states are those of the feature: `micro_price_buckets` even ones
///      and at most `micro_price_spreads` spreads
std::map<std::string, double> parameters_of(const micro_price& fitted);

} // namespace qalpha
