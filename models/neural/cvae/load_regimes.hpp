// From a checkpoint to a model of regimes that can be asked.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/machine/fallible.hpp"
#include "models/outlook/regime_model.hpp"

#include <memory>

namespace qalpha {

/// What the manifest of a model of regimes calls its architecture.
inline constexpr auto regimes_architecture = "contrastive-vae";

/// Makes a model of a checkpoint whose manifest has the settings of
/// `contrastive_vae_settings` and which holds a `regime_map`.
/// @returns a fault naming the figure or the tensor that is missing, unknown,
///          out of range or not finite.
fallible<std::unique_ptr<regime_model>> load_regimes(const checkpoint& from);

} // namespace qalpha
