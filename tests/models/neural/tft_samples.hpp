// Random input for temporal fusion transformers.

#pragma once

#include "models/neural/torch.hpp"

#include "models/neural/tft/temporal_fusion.hpp"

namespace qalpha {

/// @returns codes and values that fit, the same for the same seed.
tft_batch random_batch(const tft_settings& settings, int64_t rows,
                       uint64_t seed);

} // namespace qalpha
