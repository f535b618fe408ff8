// The temporal fusion transformer (Lim, Arik, Loeff, Pfister 2021,
// arXiv:1912.09363), wired as its authors' code. Includes LibTorch.
//
//   static -> selection -> four contexts: selection, enrichment, hidden, cell
//   past   -> selection -> recurrent encoder --+
//   known  -> selection -> recurrent decoder --+-> gate -> enrichment
//     -> attention of the future on everything before -> gate -> residual
//     -> gate -> quantiles

#pragma once

#include "models/neural/tft/interpretable_attention.hpp"
#include "models/neural/tft/recurrent_layer.hpp"
#include "models/neural/tft/tft_settings.hpp"
#include "models/neural/tft/variable_selection.hpp"

namespace qalpha {

/// What a temporal fusion transformer reads, scaled. Codes are 64-bit integers;
/// a tensor without a column may be undefined.
struct tft_batch {
  /// `[batch, static categories]`, `[batch, static values]`.
  torch::Tensor static_codes;
  torch::Tensor static_values;
  /// `[batch, lookback + horizon, ...]`.
  torch::Tensor known_codes;
  torch::Tensor known_values;
  /// `[batch, lookback, ...]`.
  torch::Tensor observed_codes;
  torch::Tensor observed_values;
  torch::Tensor targets;
};

/// What the static variables say to the rest, `[batch, hidden]` each.
struct static_contexts {
  torch::Tensor selection;
  torch::Tensor enrichment;
  torch::Tensor hidden;
  torch::Tensor cell;
};

/// What comes out, and what came by on the way.
struct tft_result {
  /// `[batch, horizon, levels]`, scaled as the targets; they may cross.
  torch::Tensor quantiles;

  /// Shares of the variables, `[batch, ..., variables]`, sum 1 over the last.
  torch::Tensor static_weights;
  torch::Tensor past_weights;
  torch::Tensor known_weights;
  /// Shares of all steps, `[batch, heads, horizon, lookback + horizon]`.
  torch::Tensor attention;

  static_contexts contexts;
  recurrent_result encoded;
  recurrent_result decoded;
  /// `[batch, lookback or horizon, hidden]`.
  torch::Tensor past;
  torch::Tensor known;
  /// `[batch, lookback + horizon, hidden]`.
  torch::Tensor gated;
  torch::Tensor enriched;
  /// `[batch, horizon, hidden]`.
  torch::Tensor attended;
  torch::Tensor attention_gated;
  torch::Tensor positionwise;
  torch::Tensor last;
};

/// The model. Its parameters have the names under which checkpoints keep them.
class temporal_fusion final : public torch::nn::Module {
public:
  /// Draws the first weights and what dropout leaves out from `seed`.
  /// @pre `!find_problem(settings)`
  temporal_fusion(const tft_settings& settings, uint64_t seed);

  /// @pre the batch fits the settings
  tft_result forward(const tft_batch& batch);

  const tft_settings& settings() const noexcept {
    return settings_;
  }

  /// For dropout on another device than the processor's.
  void draw_from(at::Generator generator);

  /// The vectors of each group's variables, `[variables, rows, hidden]`.
  variable_runs static_variables(const tft_batch& batch) const;
  variable_runs known_variables(const tft_batch& batch, int64_t first,
                                int64_t steps) const;
  variable_runs observed_variables(const tft_batch& batch) const;
  variable_runs target_variables(const tft_batch& batch) const;

private:
  void draw_weights(at::Generator generator);

  static_contexts read_static(const tft_batch& batch, tft_result& result);
  void select_variables(const tft_batch& batch, tft_result& result);
  void attend(tft_result& result);

  tft_settings settings_;
  block_context context_;

  std::shared_ptr<variable_group> static_inputs_;
  std::shared_ptr<variable_group> known_inputs_;
  std::shared_ptr<variable_group> observed_inputs_;
  std::shared_ptr<variable_group> target_inputs_;
  std::shared_ptr<variable_selection> static_selection_;
  std::shared_ptr<gated_residual> selection_context_;
  std::shared_ptr<gated_residual> enrichment_context_;
  std::shared_ptr<gated_residual> hidden_context_;
  std::shared_ptr<gated_residual> cell_context_;
  std::shared_ptr<variable_selection> past_selection_;
  std::shared_ptr<variable_selection> known_selection_;
  std::shared_ptr<recurrent_layer> encoder_;
  std::shared_ptr<recurrent_layer> decoder_;
  std::shared_ptr<gate_add_norm> recurrent_gate_;
  std::shared_ptr<gated_residual> enrichment_;
  std::shared_ptr<interpretable_attention> attention_;
  std::shared_ptr<gate_add_norm> attention_gate_;
  std::shared_ptr<gated_residual> positionwise_;
  std::shared_ptr<gate_add_norm> output_gate_;
  torch::nn::Linear quantiles_{nullptr};
};

} // namespace qalpha
