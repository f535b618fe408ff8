// A decision transformer that answers one question at a time.

#pragma once

#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/decision_transformer.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace qalpha {

/// The last steps of an episode as the model knows them, oldest first.
struct transformer_question {
  /// Scaled, one a step.
  std::span<const float> returns_to_go;
  /// Scaled, `settings.states` a step.
  std::span<const float> states;
  /// `settings.actions` a step, without the last step.
  std::span<const float> actions;
  /// Number of the last step in its episode.
  size_t step = 0;
};

/// Computes what `decision_transformer::predict_actions` says of the last step,
/// and only that: in the last block nothing but the keys and values of the
/// earlier tokens is needed. All memory is there from the start.
class fast_transformer {
public:
  /// Takes the weights as they are.
  explicit fast_transformer(const decision_transformer& model);

  const decision_transformer_settings& settings() const noexcept {
    return settings_;
  }

  /// @returns `settings.actions` values, valid until the next call.
  /// @pre 1 to `settings.context` steps; the spans are of the sizes that go
  ///      with it, and `step` is not less than the steps before the last
  std::span<const float> act(const transformer_question& question);

private:
  struct affine {
    torch::Tensor weight;
    torch::Tensor bias;
  };

  struct block {
    affine before_attention;
    affine in;
    affine out;
    affine before_layers;
    affine wide;
    affine narrow;
  };

  // What one head reads and writes, as parts of the buffers.
  struct head {
    torch::Tensor queries;
    torch::Tensor keys;
    torch::Tensor values;
    torch::Tensor seen;
  };

  // The rows that a block changes, as parts of the buffers.
  struct scope {
    torch::Tensor rows;
    torch::Tensor normed;
    torch::Tensor scores;
    torch::Tensor seen;
    torch::Tensor wide;
    std::vector<head> heads;
  };

  void resize(int64_t steps);
  scope scope_from(int64_t token) const;
  void embed(const transformer_question& question);
  void attend(const scope& to, bool all);
  void run(const block& with, const scope& to, const torch::Tensor& late_bias);

  decision_transformer_settings settings_;
  affine return_;
  affine state_;
  affine action_;
  affine after_embedding_;
  std::vector<block> blocks_;
  affine last_norm_;
  affine next_action_;
  torch::Tensor time_;
  // What the first block finds added to its rows: nothing.
  torch::Tensor no_bias_;

  // Buffers of as many rows as there are tokens: three a step but for the
  // action of the last one.
  int64_t steps_ = 0;
  torch::Tensor states_;
  torch::Tensor embedded_states_;
  torch::Tensor rows_;
  torch::Tensor normed_;
  torch::Tensor projected_;
  torch::Tensor unseen_;
  torch::Tensor scores_;
  torch::Tensor seen_;
  torch::Tensor wide_;
  scope all_;
  scope last_;
  std::vector<float> answer_;
};

} // namespace qalpha
