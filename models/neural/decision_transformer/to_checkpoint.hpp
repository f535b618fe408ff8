// From a trained decision transformer to a checkpoint.

#pragma once

#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/decision_transformer.hpp"
#include "models/neural/decision_transformer/policy_figures.hpp"

namespace qalpha {

/// Makes what `load_policy` reads.
/// @param about with features, their schema hash and scales; architecture,
///              settings and figures are filled in
checkpoint to_checkpoint(const decision_transformer& model,
                         const policy_figures& figures, manifest about);

} // namespace qalpha
