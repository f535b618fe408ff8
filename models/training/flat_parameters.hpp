// All parameters of a model as one row of numbers. Includes LibTorch.

#pragma once

#include "models/neural/torch.hpp"

#include <vector>

namespace qalpha {

/// Moves the parameters of a model and their gradients into one tensor each, so
/// that an optimiser step, a norm and a sum over processes are a handful of
/// operations and not a handful for each of hundreds of parameters. The model
/// stays as it is, its parameters are views.
class flat_parameters final {
public:
  /// @pre the model is on its device and stays there; all parameters are of
  ///      single precision
  explicit flat_parameters(torch::nn::Module& model);

  /// Those that weight decay is for come first.
  const torch::Tensor& weights() const noexcept {
    return weights_;
  }

  /// Of the same length.
  torch::Tensor gradient() const {
    return gradient_.narrow(0, 0, weights_.numel());
  }

  /// The same and one place behind it, for a sum over processes to take along.
  const torch::Tensor& gradient_and_loss() const noexcept {
    return gradient_;
  }

  /// How many weights are neither biases nor of norms.
  int64_t decayed() const noexcept {
    return decayed_;
  }

  /// Running statistics, which are no parameters, behind each other in single
  /// precision.
  torch::Tensor buffers() const;

  /// Puts them back.
  /// @pre as long as `buffers()`
  void set_buffers(const torch::Tensor& values);

private:
  torch::Tensor weights_;
  torch::Tensor gradient_;
  int64_t decayed_ = 0;
  std::vector<torch::Tensor> buffers_;
};

} // namespace qalpha
