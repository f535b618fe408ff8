// Forecasts of a trained temporal fusion transformer, without LibTorch.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/outlook/quantile_model.hpp"

#include <memory>

namespace qalpha {

/// @param from as models/neural/tft/tft_manifest.hpp describes it
/// @returns a model that scales what it reads by the manifest and gives log
///          returns, or a fault naming the part of the manifest or the tensor
///          that is missing, unknown, of another shape or not finite.
fallible<std::unique_ptr<quantile_model>> load_tft(const checkpoint& from);

} // namespace qalpha
