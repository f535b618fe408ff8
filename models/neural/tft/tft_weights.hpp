// A temporal fusion transformer on its way to and from a checkpoint. Includes
// LibTorch.

#pragma once

#include "models/neural/torch.hpp"

#include "models/checkpoints/checkpoint.hpp"
#include "models/neural/tft/temporal_fusion.hpp"
#include "models/neural/tft/tft_manifest.hpp"

namespace qalpha {

/// @returns a fault naming a tensor that is missing, unknown, of another shape
///          or not finite. Allocates nothing that the tensors do not have.
std::optional<fault> check_tft_tensors(const tft_settings& settings,
                                       std::span<const tensor_values> tensors);

/// @param about with features, scales, "target_means" and "target_deviations",
///              "series" and "known"; settings, levels, architecture and the
///              schema hash are set here
/// @returns a fault if that does not fit the model.
fallible<checkpoint> to_checkpoint(const temporal_fusion& model,
                                   manifest about);

} // namespace qalpha
