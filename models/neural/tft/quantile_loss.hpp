// How wrong quantiles are. Includes LibTorch.

#pragma once

#include "models/neural/torch.hpp"

#include <vector>

namespace qalpha {

/// @param quantiles `[..., levels]`
/// @param targets the same without the last side
/// @returns `max(q (y - x), (q - 1) (y - x))`, as `quantiles`.
torch::Tensor quantile_losses(const torch::Tensor& quantiles,
                              const torch::Tensor& targets,
                              const std::vector<double>& levels);

/// What training makes small: the sum over the levels of the mean loss.
torch::Tensor quantile_loss(const torch::Tensor& quantiles,
                            const torch::Tensor& targets,
                            const std::vector<double>& levels);

/// @returns twice the sum of the losses over the sum of the targets' sizes, one
///          a level: 1 for a forecast of zero at level 0.5.
torch::Tensor quantile_risk(const torch::Tensor& quantiles,
                            const torch::Tensor& targets,
                            const std::vector<double>& levels);

} // namespace qalpha
