// What pictures of a training show, as numbers. Whoever has a canvas draws
// them.

#pragma once

#include "models/outlook/regimes/latent_rows.hpp"
#include "models/training/forecast/forecast_view.hpp"

#include <optional>

namespace qalpha {

/// What a model makes of its data; of each kind of model its own part.
struct training_view {
  std::optional<latent_rows> latents;
  std::optional<forecast_view> forecasts;
};

} // namespace qalpha
