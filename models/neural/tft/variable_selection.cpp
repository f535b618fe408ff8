#include "models/neural/torch.hpp"

#include "models/neural/tft/variable_selection.hpp"

namespace qalpha {

namespace {

/// A linear layer over the vectors of all variables behind each other. What
/// stands for a value is a direction times that value, so the layer is applied
/// to the directions instead: the width less work.
torch::Tensor joint_layer(const variable_runs& variables,
                          const torch::nn::Linear& layer) {
  auto hidden = layer->weight.size(1);
  int64_t count = 0;
  for (const auto& run : variables)
    count += run.size();
  hidden /= count;
  auto weight = layer->weight.view({-1, count, hidden});
  auto bias = layer->bias;
  torch::Tensor result;
  int64_t first = 0;
  for (const auto& run : variables) {
    auto part = weight.narrow(1, first, run.size());
    torch::Tensor term;
    if (run.codes.defined()) {
      auto table = torch::mm(run.table, part.select(1, 0).t());
      term = torch::embedding(table, run.codes);
    } else {
      term = torch::mm(run.values, (part * run.vectors).sum(-1).t());
      bias = bias + (part * run.offsets).sum({1, 2});
    }
    result = result.defined() ? result + term : term;
    first += run.size();
  }
  return result + bias;
}

} // namespace

variable_networks::variable_networks(int64_t variables, int64_t hidden,
                                     const block_context& context)
  : context_(context),
    input_weight_(register_parameter(
      "input_weight", torch::zeros({variables, hidden, hidden}))),
    input_bias_(
      register_parameter("input_bias", torch::zeros({variables, hidden}))),
    output_weight_(register_parameter(
      "output_weight", torch::zeros({variables, hidden, hidden}))),
    output_bias_(
      register_parameter("output_bias", torch::zeros({variables, hidden}))),
    gate_weight_(register_parameter(
      "gate_weight", torch::zeros({variables, 2 * hidden, hidden}))),
    gate_bias_(
      register_parameter("gate_bias", torch::zeros({variables, 2 * hidden}))),
    norm_weight_(
      register_parameter("norm_weight", torch::ones({variables, hidden}))),
    norm_bias_(
      register_parameter("norm_bias", torch::zeros({variables, hidden}))) {
  // nop
}

torch::Tensor
variable_networks::first_layer(const variable_runs& variables) const {
  // The layer of a variable is applied to what stands for it, once, instead of
  // to each of its values.
  variable_runs folded;
  int64_t first = 0;
  for (auto run : variables) {
    auto weight = input_weight_.narrow(0, first, run.size()).transpose(1, 2);
    auto bias = input_bias_.narrow(0, first, run.size());
    if (run.codes.defined()) {
      run.table = torch::addmm(bias.select(0, 0), run.table, weight[0]);
    } else {
      run.vectors = torch::bmm(run.vectors.unsqueeze(1), weight).squeeze(1);
      run.offsets = torch::bmm(run.offsets.unsqueeze(1), weight).squeeze(1)
                    + bias;
    }
    folded.push_back(run);
    first += run.size();
  }
  return embed(folded);
}

torch::Tensor variable_networks::forward(const variable_runs& variables,
                                         const torch::Tensor& weights) {
  auto inner = torch::baddbmm(output_bias_.unsqueeze(1),
                              torch::elu(first_layer(variables)),
                              output_weight_.transpose(1, 2));
  if (is_training())
    inner = context_.dropout->drop(inner);
  auto gate = torch::baddbmm(gate_bias_.unsqueeze(1), inner,
                             gate_weight_.transpose(1, 2));
  auto raw = torch::glu(gate, -1) + embed(variables);
  auto norm = torch::layer_norm(raw, {raw.size(-1)}, {}, {},
                                context_.norm_epsilon);
  // Each network has its own scale and offset, joined with the weights.
  auto scale = weights.t().unsqueeze(2) * norm_weight_.unsqueeze(1);
  return torch::addmm((norm * scale).sum(0), weights, norm_bias_);
}

variable_selection::variable_selection(int64_t variables, int64_t hidden,
                                       int64_t from_context,
                                       const block_context& context)
  : joint_(register_module("joint", std::make_shared<gated_residual>(
                                      residual_sizes{variables * hidden, hidden,
                                                     variables, from_context},
                                      context))),
    variables_(register_module("variables", std::make_shared<variable_networks>(
                                              variables, hidden, context))) {
  // nop
}

selected_variables variable_selection::forward(const variable_runs& variables,
                                               const torch::Tensor& c) {
  auto score = joint_->finish(joint_layer(variables, joint_->input()),
                              joint_layer(variables, joint_->skip()), c);
  auto weights = torch::softmax(score, -1);
  return {variables_->forward(variables, weights), weights};
}

} // namespace qalpha
