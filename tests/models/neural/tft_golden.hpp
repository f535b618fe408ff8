// The golden temporal fusion transformers, in our names.

#pragma once

#include "models/neural/torch.hpp"

#include "models/neural/tft/temporal_fusion.hpp"
#include "tests/models/neural/golden_tensors.hpp"

#include <map>
#include <memory>
#include <string>

namespace qalpha {

using tensors_by_name = std::map<std::string, torch::Tensor>;

/// One recorded run of the reference.
struct tft_golden {
  tensors_by_name tensors;
  tft_settings settings;
  /// With the recorded weights, not training.
  std::shared_ptr<temporal_fusion> model;
  tft_batch batch;
  /// What was to be forecast, `[batch, horizon]`.
  torch::Tensor targets;
};

/// Loads models/tft_full/`name`.
tft_golden load_tft_golden(const std::string& name);

/// @returns what the reference keeps of our parameter `name`, shaped as ours.
///          Throws if there is nothing.
/// @param kind "w.", "grad." or what else precedes names there
torch::Tensor golden_parameter(const tensors_by_name& tensors,
                               const std::string& kind,
                               const std::string& name);

} // namespace qalpha
