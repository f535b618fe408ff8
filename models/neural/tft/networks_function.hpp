// The networks of many variables with their gradients, on a processor. Includes
// LibTorch.
//
// What the networks of all variables at all rows hold is far more than caches
// do, and hardly worth its way to memory and back: some rows at a time pass
// through everything, and the way back begins with the way forward once more.

#pragma once

#include "models/neural/torch.hpp"

#include "models/neural/kernels/training_kernels.hpp"

namespace qalpha {

/// Parameters of as many networks as there are values, single precision, in
/// the memory of the processor.
struct network_tensors {
  /// What stands for a value and what the first layer makes of that, [n, d].
  torch::Tensor vectors;
  torch::Tensor offsets;
  torch::Tensor first_vectors;
  torch::Tensor first_offsets;
  /// [n, d, d], [n, d], [n, 2 d, d], [n, 2 d].
  torch::Tensor output_weight;
  torch::Tensor output_bias;
  torch::Tensor gate_weight;
  torch::Tensor gate_bias;
  /// [n, d].
  torch::Tensor norm_weight;
  torch::Tensor norm_bias;
};

/// @param values `[rows, n]`, which get no gradient
/// @param shares `[rows, n]`
/// @returns the sum of the networks' outputs, each times its share,
///          `[rows, d]`.
torch::Tensor sum_of_networks(const torch::Tensor& values,
                              const torch::Tensor& shares,
                              const network_tensors& networks, double epsilon,
                              const left_out& dropout);

} // namespace qalpha
