// The length and the phase of the cycle that prices are in.

#pragma once

#include "models/features/feature_entry.hpp"

#include <span>

namespace qalpha {

/// @returns ht_dcperiod, ht_dcphase, ht_phasor, ht_sine, ht_trendline,
///          ht_trendmode, mama.
std::span<const feature_entry> hilbert_indicators();

} // namespace qalpha
