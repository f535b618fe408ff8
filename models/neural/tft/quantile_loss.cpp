#include "models/neural/torch.hpp"

#include "models/neural/tft/quantile_loss.hpp"

namespace qalpha {

torch::Tensor quantile_losses(const torch::Tensor& quantiles,
                              const torch::Tensor& targets,
                              const std::vector<double>& levels) {
  auto q = torch::tensor(levels, quantiles.options());
  auto error = targets.unsqueeze(-1) - quantiles;
  return torch::maximum(q * error, (q - 1) * error);
}

torch::Tensor quantile_loss(const torch::Tensor& quantiles,
                            const torch::Tensor& targets,
                            const std::vector<double>& levels) {
  auto rows = static_cast<double>(targets.numel());
  return quantile_losses(quantiles, targets, levels).sum() / rows;
}

torch::Tensor quantile_risk(const torch::Tensor& quantiles,
                            const torch::Tensor& targets,
                            const std::vector<double>& levels) {
  auto losses = quantile_losses(quantiles, targets, levels).flatten(0, -2);
  return 2 * losses.sum(0) / targets.abs().sum();
}

} // namespace qalpha
