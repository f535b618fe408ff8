#include "models/neural/torch.hpp"

#include "models/neural/tft/temporal_fusion.hpp"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>

namespace qalpha {

namespace {

at::Generator make_generator(uint64_t seed) {
  return at::make_generator<at::CPUGeneratorImpl>(seed);
}

/// As often as there are steps, one row a step.
torch::Tensor at_each_step(const torch::Tensor& x, int64_t steps) {
  return x.unsqueeze(1).expand({x.size(0), steps, x.size(1)}).flatten(0, 1);
}

/// @returns the steps `[first, first + steps)`, undefined if `x` is.
torch::Tensor steps_of(const torch::Tensor& x, int64_t first, int64_t steps) {
  return x.defined() ? x.narrow(1, first, steps) : x;
}

bool ends_with(const std::string& name, const std::string& end) {
  return name.size() >= end.size()
         && name.compare(name.size() - end.size(), end.size(), end) == 0;
}

} // namespace

temporal_fusion::temporal_fusion(const tft_settings& settings, uint64_t seed)
  : settings_(settings) {
  TORCH_CHECK(!find_problem(settings), "settings must be checked before");
  auto generator = make_generator(seed);
  context_ = {settings.norm_epsilon,
              std::make_shared<dropout_source>(settings.dropout, generator)};
  auto width = settings.hidden;
  auto group = [&](const char* name, const std::vector<int64_t>& categories,
                   int64_t values) {
    return register_module(
      name, std::make_shared<variable_group>(categories, values, width));
  };
  auto selection = [&](const char* name, int64_t variables, int64_t context) {
    return register_module(name, std::make_shared<variable_selection>(
                                   variables, width, context, context_));
  };
  auto residual = [&](const char* name, int64_t context = 0) {
    return register_module(
      name, std::make_shared<gated_residual>(
              residual_sizes{width, width, 0, context}, context_));
  };
  auto recurrent = [&](const char* name) {
    return register_module(name, std::make_shared<recurrent_layer>(width));
  };
  auto gate = [&](const char* name) {
    return register_module(name,
                           std::make_shared<gate_add_norm>(width, context_));
  };
  static_inputs_ = group("static_inputs", settings.static_categories,
                         settings.static_values);
  known_inputs_ = group("known_inputs", settings.known_categories,
                        settings.known_values);
  observed_inputs_ = group("observed_inputs", settings.observed_categories,
                           settings.observed_values);
  target_inputs_ = group("target_inputs", {}, settings.targets);
  static_selection_ = selection("static_selection", settings.static_variables(),
                                0);
  selection_context_ = residual("selection_context");
  enrichment_context_ = residual("enrichment_context");
  hidden_context_ = residual("hidden_context");
  cell_context_ = residual("cell_context");
  past_selection_ = selection("past_selection", settings.past_variables(),
                              width);
  known_selection_ = selection("known_selection", settings.known_variables(),
                               width);
  encoder_ = recurrent("encoder");
  decoder_ = recurrent("decoder");
  recurrent_gate_ = gate("recurrent_gate");
  enrichment_ = residual("enrichment", width);
  attention_ = register_module(
    "attention",
    std::make_shared<interpretable_attention>(width, settings.heads, context_));
  attention_gate_ = gate("attention_gate");
  positionwise_ = residual("positionwise");
  output_gate_ = gate("output_gate");
  quantiles_ = register_module(
    "quantiles",
    torch::nn::Linear{width, static_cast<int64_t>(settings.levels.size())});
  draw_weights(generator);
}

// Glorot and Bengio's uniform weights; no bias, but for the forget gates, which
// begin by remembering.
void temporal_fusion::draw_weights(at::Generator generator) {
  torch::NoGradGuard no_gradients;
  for (auto& entry : named_parameters()) {
    const auto& name = entry.key();
    auto& x = entry.value();
    if (ends_with(name, "norm.weight") || ends_with(name, "norm_weight")) {
      x.fill_(1);
    } else if (ends_with(name, "bias") || ends_with(name, "offsets")) {
      x.zero_();
    } else if (x.dim() >= 2) {
      auto inputs = x.size(-1);
      auto outputs = x.size(-2);
      // Vectors of variables are no layers: each is a layer with one input.
      if (ends_with(name, "vectors") || name.find("category") != name.npos)
        outputs = 1;
      auto bound = std::sqrt(6.0 / static_cast<double>(inputs + outputs));
      x.uniform_(-bound, bound, generator);
    }
    if (ends_with(name, "coder.input_bias"))
      x.narrow(0, settings_.hidden, settings_.hidden).fill_(1);
  }
}

void temporal_fusion::draw_from(at::Generator generator) {
  context_.dropout->draw_from(std::move(generator));
}

variable_runs temporal_fusion::static_variables(const tft_batch& batch) const {
  return static_inputs_->bind(batch.static_codes, batch.static_values);
}

variable_runs temporal_fusion::known_variables(const tft_batch& batch,
                                               int64_t first,
                                               int64_t steps) const {
  return known_inputs_->bind(steps_of(batch.known_codes, first, steps),
                             steps_of(batch.known_values, first, steps));
}

variable_runs
temporal_fusion::observed_variables(const tft_batch& batch) const {
  return observed_inputs_->bind(batch.observed_codes, batch.observed_values);
}

variable_runs temporal_fusion::target_variables(const tft_batch& batch) const {
  return target_inputs_->bind({}, batch.targets);
}

static_contexts temporal_fusion::read_static(const tft_batch& batch,
                                             tft_result& result) {
  auto selected = static_selection_->forward(static_variables(batch));
  result.static_weights = selected.weights;
  return {selection_context_->forward(selected.sum),
          enrichment_context_->forward(selected.sum),
          hidden_context_->forward(selected.sum),
          cell_context_->forward(selected.sum)};
}

void temporal_fusion::select_variables(const tft_batch& batch,
                                       tft_result& result) {
  auto lookback = settings_.lookback;
  auto horizon = settings_.horizon;
  auto rows = result.contexts.selection.size(0);
  variable_runs past;
  append(past, observed_variables(batch));
  append(past, known_variables(batch, 0, lookback));
  append(past, target_variables(batch));
  auto in_past = past_selection_->forward(
    past, at_each_step(result.contexts.selection, lookback));
  auto in_future = known_selection_->forward(
    known_variables(batch, lookback, horizon),
    at_each_step(result.contexts.selection, horizon));
  result.past = in_past.sum.view({rows, lookback, -1});
  result.past_weights = in_past.weights.view({rows, lookback, -1});
  result.known = in_future.sum.view({rows, horizon, -1});
  result.known_weights = in_future.weights.view({rows, horizon, -1});
}

void temporal_fusion::attend(tft_result& result) {
  auto lookback = settings_.lookback;
  auto horizon = settings_.horizon;
  auto looked = attention_->forward(result.enriched, horizon);
  result.attended = looked.output;
  result.attention = looked.shares;
  result.attention_gated = attention_gate_->forward(
    looked.output, result.enriched.narrow(1, lookback, horizon));
  result.positionwise = positionwise_->forward(result.attention_gated);
  result.last = output_gate_->forward(
    result.positionwise, result.gated.narrow(1, lookback, horizon));
}

tft_result temporal_fusion::forward(const tft_batch& batch) {
  tft_result result;
  result.contexts = read_static(batch, result);
  select_variables(batch, result);
  result.encoded = encoder_->forward(result.past, result.contexts.hidden,
                                     result.contexts.cell);
  result.decoded = decoder_->forward(result.known, result.encoded.hidden,
                                     result.encoded.cell);
  result.gated = recurrent_gate_->forward(
    torch::cat({result.encoded.output, result.decoded.output}, 1),
    torch::cat({result.past, result.known}, 1));
  result.enriched = enrichment_->forward(
    result.gated, result.contexts.enrichment.unsqueeze(1));
  attend(result);
  result.quantiles = quantiles_->forward(result.last);
  return result;
}

} // namespace qalpha
