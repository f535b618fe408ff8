// One layer of long short-term memory. Includes LibTorch.

#pragma once

#include "models/neural/torch.hpp"

namespace qalpha {

/// What a recurrent layer gives.
struct recurrent_result {
  /// `[batch, steps, hidden]`.
  torch::Tensor output;
  /// After the last step, `[batch, hidden]`.
  torch::Tensor hidden;
  torch::Tensor cell;
};

/// Gates in the order input, forget, cell, output; two biases, which are added,
/// as everywhere.
class recurrent_layer final : public torch::nn::Module {
public:
  explicit recurrent_layer(int64_t hidden);

  /// @param x `[batch, steps, hidden]`
  /// @param hidden before the first step, `[batch, hidden]`
  recurrent_result forward(const torch::Tensor& x, const torch::Tensor& hidden,
                           const torch::Tensor& cell);

private:
  torch::Tensor input_weight_;
  torch::Tensor hidden_weight_;
  torch::Tensor input_bias_;
  torch::Tensor hidden_bias_;
};

} // namespace qalpha
