// Attention whose heads share their values. Includes LibTorch.

#pragma once

#include "models/neural/tft/gated_residual.hpp"

namespace qalpha {

/// What attention gives.
struct attention_result {
  /// `[batch, queries, width]`.
  torch::Tensor output;
  /// Share of each key, `[batch, heads, queries, keys]`, sum 1 over the keys.
  torch::Tensor shares;
};

/// `softmax(Q K^T / sqrt(width))` of each head, as shares of the keys.
/// @param query `[batch, queries, heads * width]`, heads behind each other
/// @param key `[batch, keys, heads * width]`
/// @param hidden true where a query may not see a key, `[queries, keys]` or
///               with the batch before it
torch::Tensor attention_shares(const torch::Tensor& query,
                               const torch::Tensor& key, int64_t heads,
                               const torch::Tensor& hidden);

/// The last steps look at all steps up to themselves. All heads see the same
/// values, so that the mean of their shares says what a step looks at.
class interpretable_attention final : public torch::nn::Module {
public:
  /// @pre `heads` divides `hidden`
  interpretable_attention(int64_t hidden, int64_t heads,
                          const block_context& context);

  /// @param x `[batch, steps, hidden]`
  /// @param last how many steps look
  attention_result forward(const torch::Tensor& x, int64_t last);

private:
  block_context context_;
  int64_t heads_;
  // Queries of all heads, keys of all heads, values.
  torch::nn::Linear projection_;
  torch::nn::Linear output_;
};

} // namespace qalpha
