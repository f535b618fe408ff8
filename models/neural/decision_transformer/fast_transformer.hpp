// A decision transformer that answers one question at a time.

#pragma once

#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/decision_transformer.hpp"
#include "models/neural/decision_transformer/fast_parts.hpp"
#include "models/neural/decision_transformer/last_block.hpp"

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
/// and only that. All memory is there from the start.
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
  // What one head reads and writes, as parts of the buffers.
  struct head {
    torch::Tensor queries;
    torch::Tensor keys;
    torch::Tensor values;
    torch::Tensor seen;
  };

  void resize(int64_t steps);
  void embed(const transformer_question& question);
  void embed_tokens(const transformer_question& question);
  void attend();
  const torch::Tensor& run(const block_weights& with,
                           const torch::Tensor& late_bias);

  decision_transformer_settings settings_;
  affine return_;
  affine state_;
  affine action_;
  affine after_embedding_;
  torch::Tensor time_;
  // All but the last one.
  std::vector<block_weights> blocks_;
  last_block last_block_;
  affine last_norm_;
  affine next_action_;
  // What the first block finds put off: nothing.
  torch::Tensor no_bias_;

  int64_t steps_ = 0;
  torch::Tensor states_;
  torch::Tensor embedded_states_;
  // A row a token, and some that nothing looks at.
  torch::Tensor rows_;
  torch::Tensor normed_;
  torch::Tensor projected_;
  torch::Tensor unseen_;
  torch::Tensor scores_;
  torch::Tensor seen_;
  torch::Tensor wide_;
  std::vector<head> heads_;
  // The tokens without the rest.
  torch::Tensor tokens_;
  torch::Tensor normed_tokens_;
  std::vector<float> answer_;
};

} // namespace qalpha
