// From a trained autoencoder and the regimes in its latent space to a
// checkpoint.

#pragma once

#include "models/neural/torch.hpp"

#include "models/neural/cvae/contrastive_vae.hpp"
#include "models/outlook/regimes/regime_map.hpp"

namespace qalpha {

/// Encodes rows of any number, as inference does.
/// @param rows scaled; [N, columns]
/// @returns the means of their distributions, for `fit_regimes`.
points latents_of(contrastive_vae& model, const torch::Tensor& rows);

/// Makes what `load_regimes` reads.
/// @param about with features, their schema hash and scales; architecture,
///              settings and names of regimes are filled in
checkpoint to_checkpoint(const contrastive_vae& model, const regime_map& map,
                         manifest about);

} // namespace qalpha
