// Adam with decoupled weight decay. Includes LibTorch.

#pragma once

#include "models/neural/torch.hpp"

namespace qalpha {

/// Figures of the optimiser; those of Loshchilov and Hutter (2019).
struct adam_options {
  double weight_decay = 1e-2;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
};

/// Moves one row of weights.
class adam final {
public:
  /// @param decayed how many weights, from the first on, decay
  adam(const adam_options& options, const torch::Tensor& weights,
       int64_t decayed);

  /// @param step number of this step, from 1
  void step(torch::Tensor weights, const torch::Tensor& gradient, double rate,
            uint64_t step);

  /// Means of the gradients and of their squares, for a state to keep.
  torch::Tensor first;
  torch::Tensor second;

private:
  adam_options options_;
  int64_t decayed_;
};

} // namespace qalpha
