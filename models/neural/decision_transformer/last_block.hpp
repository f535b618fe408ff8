// The last block of a decision transformer, of which one token is wanted.

#pragma once

#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/fast_parts.hpp"
#include "models/neural/decision_transformer/settings.hpp"

#include <vector>

namespace qalpha {

/// Computes one token with products of matrices and vectors only. Neither keys
/// nor values of the other tokens are needed: with the query q of the token
/// and rows N that it looks at,
///
///     q (N Wk + bk)'  =  (q Wk') N' + c     the same c for all: no matter
///     p (N Wv + bv)   =  (p N) Wv + bv      shares p add up to one
class last_block {
public:
  last_block(const block_weights& weights,
             const decision_transformer_settings& settings);

  /// Continues the last of `rows` by this block, but for a bias.
  /// @param rows contiguous; they change
  /// @param normed memory of the same shape
  /// @param late_bias has yet to be added to the rows
  /// @returns the bias that has yet to be added to the last row.
  const torch::Tensor& run(const torch::Tensor& rows,
                           const torch::Tensor& normed,
                           const torch::Tensor& late_bias);

private:
  // Of one head, as products of a matrix and a vector want them.
  struct head {
    torch::Tensor keys;
    torch::Tensor values;
    torch::Tensor value_bias;
    torch::Tensor query;
    torch::Tensor seen;
  };

  void attend(const torch::Tensor& looked_at);

  block_weights weights_;
  bool gelu_;
  double scale_;
  torch::Tensor query_weight_;
  torch::Tensor query_bias_;
  torch::Tensor query_;
  torch::Tensor turned_query_;
  torch::Tensor shares_;
  torch::Tensor mixed_;
  torch::Tensor seen_;
  torch::Tensor wide_;
  std::vector<head> heads_;
};

} // namespace qalpha
