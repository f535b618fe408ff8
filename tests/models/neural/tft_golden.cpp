#include "tests/models/neural/tft_golden.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

namespace qalpha {

namespace {

using name_pair = std::pair<std::string, std::string>;

// Beginnings of our names and of theirs; the longer ones first.
const std::vector<name_pair> modules{
  {"static_inputs.category_", "embedding.s_cat_embed."},
  {"known_inputs.category_", "embedding.t_cat_k_embed."},
  {"observed_inputs.category_", "embedding.t_cat_o_embed."},
  {"static_inputs.", "embedding.s_cont_embedding_"},
  {"known_inputs.", "embedding.t_cont_k_embedding_"},
  {"observed_inputs.", "embedding.t_cont_o_embedding_"},
  {"target_inputs.", "embedding.t_tgt_embedding_"},
  {"static_selection.", "static_encoder.vsn."},
  {"selection_context.", "static_encoder.context_grns.0."},
  {"enrichment_context.", "static_encoder.context_grns.1."},
  {"hidden_context.", "static_encoder.context_grns.2."},
  {"cell_context.", "static_encoder.context_grns.3."},
  {"past_selection.", "TFTpart2.history_vsn."},
  {"known_selection.", "TFTpart2.future_vsn."},
  {"encoder.", "TFTpart2.history_encoder."},
  {"decoder.", "TFTpart2.future_encoder."},
  {"recurrent_gate.gate.", "TFTpart2.input_gate.lin."},
  {"recurrent_gate.norm.", "TFTpart2.input_gate_ln."},
  {"enrichment.", "TFTpart2.enrichment_grn."},
  {"attention.projection.", "TFTpart2.attention.qkv_linears."},
  {"attention.output.", "TFTpart2.attention.out_proj."},
  {"attention_gate.gate.", "TFTpart2.attention_gate.lin."},
  {"attention_gate.norm.", "TFTpart2.attention_ln."},
  {"positionwise.", "TFTpart2.positionwise_grn."},
  {"output_gate.gate.", "TFTpart2.decoder_gate.lin."},
  {"output_gate.norm.", "TFTpart2.decoder_ln."},
  {"quantiles.", "TFTpart2.quantile_proj."},
};

// Parts of names, in the order in which they are looked for.
const std::vector<name_pair> parts{
  {"joint.", "joint_grn."},
  {"offsets", "bias"},
  {"input_weight", "weight_ih_l0"},
  {"hidden_weight", "weight_hh_l0"},
  {"input_bias", "bias_ih_l0"},
  {"hidden_bias", "bias_hh_l0"},
  {"input.", "lin_a."},
  {"context.", "lin_c."},
  {"output.", "lin_i."},
  {"gate.", "glu.lin."},
  {"skip.", "out_proj."},
  {"norm.", "layer_norm.ln."},
};

// Parts of names of the networks that we keep behind each other.
const std::vector<name_pair> stacked_parts{
  {"input_", "lin_a."},
  {"output_", "lin_i."},
  {"gate_", "glu.lin."},
  {"norm_", "layer_norm.ln."},
};

bool begins_with(const std::string& text, const std::string& begin) {
  return text.compare(0, begin.size(), begin) == 0;
}

std::string translate(std::string rest, const std::vector<name_pair>& names) {
  for (const auto& [ours, theirs] : names)
    if (begins_with(rest, ours))
      return theirs + translate(rest.substr(ours.size()), names);
  return rest;
}

torch::Tensor stacked(const tensors_by_name& tensors, const std::string& begin,
                      const std::string& end) {
  std::vector<torch::Tensor> found;
  for (;;) {
    auto at = tensors.find(begin + std::to_string(found.size()) + "." + end);
    if (at == tensors.end())
      return torch::stack(found);
    found.push_back(at->second);
  }
}

torch::Tensor at_or_none(const tensors_by_name& tensors,
                         const std::string& name) {
  auto at = tensors.find(name);
  return at == tensors.end() ? torch::Tensor{} : at->second;
}

/// Codes are stored as numbers. `steps` 0: the first step is as all others.
torch::Tensor input(const tensors_by_name& tensors, const std::string& name,
                    int64_t steps) {
  auto x = at_or_none(tensors, "in." + name);
  if (!x.defined())
    return x;
  if (name.find("cat") != std::string::npos)
    x = x.to(torch::kLong);
  return steps == 0 ? x.select(1, 0) : x.narrow(1, 0, steps);
}

tft_settings small_settings() {
  return {.static_categories = {4},
          .static_values = 1,
          .known_values = 2,
          .observed_values = 3,
          .targets = 1,
          .hidden = 8,
          .heads = 2,
          .lookback = 12,
          .horizon = 4};
}

tft_settings other_settings() {
  return {.static_categories = {3, 5},
          .known_categories = {7},
          .known_values = 3,
          .observed_values = 2,
          .targets = 1,
          .hidden = 16,
          .heads = 4,
          .lookback = 20,
          .horizon = 5};
}

} // namespace

torch::Tensor golden_parameter(const tensors_by_name& tensors,
                               const std::string& kind,
                               const std::string& name) {
  for (const auto& [ours, theirs] : modules) {
    if (!begins_with(name, ours))
      continue;
    auto rest = name.substr(ours.size());
    if (ours.find("category_") != std::string::npos)
      return tensors.at(kind + theirs + rest + ".weight");
    if (begins_with(rest, "variables."))
      return stacked(tensors, kind + theirs + "var_grns.",
                     translate(rest.substr(10), stacked_parts));
    return tensors.at(kind + theirs + translate(rest, parts));
  }
  throw std::runtime_error{name + ": no such parameter in the reference"};
}

tft_golden load_tft_golden(const std::string& name) {
  tft_golden result;
  auto& tensors = result.tensors;
  tensors = golden_tensors("tft_full/" + name);
  result.settings = name == "small" ? small_settings() : other_settings();
  result.settings.levels = {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};
  result.settings.dropout = 0;
  result.model = std::make_shared<temporal_fusion>(result.settings, 1);
  result.model->eval();
  torch::NoGradGuard no_gradients;
  for (auto& entry : result.model->named_parameters())
    entry.value().copy_(golden_parameter(tensors, "w.", entry.key()));
  auto lookback = result.settings.lookback;
  auto steps = result.settings.steps();
  result.batch = {.static_codes = input(tensors, "s_cat", 0),
                  .static_values = input(tensors, "s_cont", 0),
                  .known_codes = input(tensors, "k_cat", steps),
                  .known_values = input(tensors, "k_cont", steps),
                  .observed_codes = input(tensors, "o_cat", lookback),
                  .observed_values = input(tensors, "o_cont", lookback),
                  .targets = input(tensors, "target", lookback)};
  result.targets = tensors.at("in.target")
                     .narrow(1, lookback, result.settings.horizon)
                     .squeeze(-1);
  return result;
}

} // namespace qalpha
