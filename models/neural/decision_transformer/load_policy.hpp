// From a checkpoint to a policy that can be asked.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/machine/fallible.hpp"
#include "models/outlook/policy_model.hpp"

#include <memory>

namespace qalpha {

/// What the manifest of a policy calls its architecture.
inline constexpr auto policy_architecture = "decision-transformer";

/// Makes a policy of a checkpoint whose manifest has the settings of
/// `decision_transformer_settings` and `policy_figures`.
/// @returns a fault naming the figure or the tensor that is missing, unknown,
///          out of range or not finite.
fallible<std::unique_ptr<policy_model>> load_policy(const checkpoint& from);

} // namespace qalpha
