// Decision Transformer (Chen et al. 2021, arXiv:2106.01345): actions as a
// sequence to go on with, given the return that is wanted.

#pragma once

#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/settings.hpp"

#include <memory>
#include <vector>

namespace qalpha {

/// Steps of episodes, all tensors beginning with [batch, steps].
struct trajectory_batch {
  /// Return that is still to come, scaled; [B, K, 1].
  torch::Tensor returns_to_go;
  /// Scaled; [B, K, states].
  torch::Tensor states;
  /// [B, K, actions].
  torch::Tensor actions;
  /// Number in the episode, whole; [B, K].
  torch::Tensor timesteps;
  /// 1: a step, 0: filled up on the left; [B, K]. Undefined: all are steps.
  torch::Tensor mask;
};

/// What comes next after each token; meaningless where the mask is 0.
struct trajectory_prediction {
  /// From the state of the same step; [B, K, actions].
  torch::Tensor actions;
  /// Of the next step, from the action; [B, K, states].
  torch::Tensor states;
  /// From the action; [B, K, 1].
  torch::Tensor returns;
};

/// Weights [in, out], as those of GPT-2 are kept: `y = x W + b`.
class transposed_linear final : public torch::nn::Module {
public:
  transposed_linear(int64_t in, int64_t out);

  torch::Tensor forward(const torch::Tensor& x);

  /// @returns `count` columns of it, from `first` on.
  torch::Tensor forward(const torch::Tensor& x, int64_t first, int64_t count);

  torch::Tensor weight;
  torch::Tensor bias;
};

/// Attention of a token to itself and those before it.
class causal_attention final : public torch::nn::Module {
public:
  explicit causal_attention(const decision_transformer_settings& settings);

  /// @param x all tokens; [B, T, hidden]
  /// @param asking those whose answers are wanted; [B, Q, hidden], `x` itself
  ///               for all
  /// @param unseen added to the scores, -1e4 where nothing is to be seen;
  ///               [B or 1, 1, Q, T]
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& asking,
                        const torch::Tensor& unseen);

private:
  int64_t heads_;
  double dropout_;
  std::shared_ptr<transposed_linear> in_;
  std::shared_ptr<transposed_linear> out_;
};

/// Attention and two layers, each added to what came in.
class transformer_block final : public torch::nn::Module {
public:
  explicit transformer_block(const decision_transformer_settings& settings);

  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& unseen);

  /// @returns the states of `forward` without the other tokens, in a third of
  ///          the time; [B, K, hidden].
  torch::Tensor forward_states(const torch::Tensor& x,
                               const torch::Tensor& unseen);

private:
  torch::Tensor add_layers(const torch::Tensor& x);

  bool gelu_;
  double dropout_;
  torch::nn::LayerNorm before_attention_{nullptr};
  std::shared_ptr<causal_attention> attention_;
  torch::nn::LayerNorm before_layers_{nullptr};
  std::shared_ptr<transposed_linear> wide_;
  std::shared_ptr<transposed_linear> narrow_;
};

/// Embeddings, blocks and heads.
///
///     R1 s1 a1 R2 s2 a2 ...      tokens, those of a step share its time vector
///        |        |
///        a1       a2             actions are read off the states
///
/// Its first weights come from LibTorch's generator: seed that one before.
/// Names of parameters are those of the published implementation.
class decision_transformer final : public torch::nn::Module {
public:
  /// @pre `!check(settings)`
  explicit decision_transformer(const decision_transformer_settings& settings);

  const decision_transformer_settings& settings() const noexcept {
    return settings_;
  }

  trajectory_prediction forward(const trajectory_batch& batch);

  /// @returns `forward(batch).actions` without what only the rest needs.
  torch::Tensor predict_actions(const trajectory_batch& batch);

private:
  torch::Tensor embed(const trajectory_batch& batch);
  torch::Tensor unseen_of(const trajectory_batch& batch,
                          const torch::Tensor& tokens) const;
  torch::Tensor run_all_but_last(const torch::Tensor& tokens,
                                 const torch::Tensor& unseen);
  torch::Tensor actions_from(const torch::Tensor& states);

  decision_transformer_settings settings_;
  torch::nn::Embedding time_{nullptr};
  torch::nn::Linear return_{nullptr};
  torch::nn::Linear state_{nullptr};
  torch::nn::Linear action_{nullptr};
  torch::nn::LayerNorm after_embedding_{nullptr};
  std::vector<std::shared_ptr<transformer_block>> blocks_;
  torch::nn::LayerNorm last_norm_{nullptr};
  torch::nn::Linear next_state_{nullptr};
  torch::nn::Linear next_action_{nullptr};
  torch::nn::Linear next_return_{nullptr};
};

/// Mean squared error of actions over the steps that the mask has; 0 of none.
/// @param weights of the entries of an action; undefined: all are 1
torch::Tensor
action_loss(const torch::Tensor& predicted, const torch::Tensor& wanted,
            const torch::Tensor& mask, const torch::Tensor& weights = {});

} // namespace qalpha
