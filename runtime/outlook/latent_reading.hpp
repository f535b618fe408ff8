// A history as a model of regimes sees it.

#pragma once

#include "models/datasets/market_rows.hpp"
#include "models/machine/fallible.hpp"
#include "models/outlook/regime_model.hpp"
#include "models/outlook/regimes/latent_rows.hpp"

#include <span>

namespace qalpha {

/// @returns a row for each bar whose features are all defined, by time, without
///          its part and without what the axes explain; or a fault naming the
///          instrument if there is none, or that of the model.
fallible<latent_rows> read_latents(regime_model& model,
                                   std::span<const market_rows> history);

} // namespace qalpha
