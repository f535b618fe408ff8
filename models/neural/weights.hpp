// Weights of a model on their way to and from a checkpoint.

#pragma once

#include "models/neural/torch.hpp"

#include "models/checkpoints/checkpoint.hpp"
#include "models/machine/fallible.hpp"

#include <optional>
#include <span>
#include <vector>

namespace qalpha {

/// @returns the parameters and the buffers of floating point of a model, by
///          the names under which it registered them. Counters, which no
///          answer depends on, are left out.
std::vector<tensor_values> to_tensors(const torch::nn::Module& model);

/// Copies weights into a model, whose device they take.
/// @returns a fault naming the first tensor that is missing, unknown, twice
///          there, of another shape or not finite; the model is unchanged then.
std::optional<fault> load_weights(torch::nn::Module& model,
                                  std::span<const tensor_values> tensors);

/// @returns a tensor of its own memory. Its shape must hold its values.
torch::Tensor to_tensor(const tensor_values& x);

} // namespace qalpha
