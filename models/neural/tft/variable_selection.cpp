#include "models/neural/torch.hpp"

#include "models/neural/tft/variable_selection.hpp"

#include "models/neural/tft/networks_function.hpp"

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

// The layer of a variable is applied to what stands for it, once, instead of to
// each of its values.
std::vector<variable_networks::part>
variable_networks::split(const variable_runs& variables) const {
  std::vector<part> result;
  int64_t first = 0;
  for (const auto& run : variables) {
    part next{run, run, first};
    auto weight = next.of(input_weight_).transpose(1, 2);
    auto bias = next.of(input_bias_);
    auto& to = next.first_layer;
    if (run.codes.defined()) {
      to.table = torch::addmm(bias.select(0, 0), run.table, weight[0]);
    } else {
      to.vectors = torch::bmm(run.vectors.unsqueeze(1), weight).squeeze(1);
      to.offsets = torch::bmm(run.offsets.unsqueeze(1), weight).squeeze(1)
                   + bias;
    }
    first += run.size();
    result.push_back(std::move(next));
  }
  return result;
}

torch::Tensor variable_networks::forward(const variable_runs& variables,
                                         const torch::Tensor& weights) {
  auto ours = weights.is_cpu() && weights.scalar_type() == torch::kFloat32;
  torch::Tensor result;
  for (const auto& run : split(variables)) {
    auto fused = ours && !run.embedded.codes.defined();
    auto sum = fused ? fuse(run, weights) : compose(run, weights);
    result = result.defined() ? result + sum : sum;
  }
  return result;
}

torch::Tensor variable_networks::compose(const variable_runs& variables,
                                         const torch::Tensor& weights) {
  torch::Tensor result;
  for (const auto& run : split(variables)) {
    auto sum = compose(run, weights);
    result = result.defined() ? result + sum : sum;
  }
  return result;
}

torch::Tensor variable_networks::fuse(const part& run,
                                      const torch::Tensor& weights) {
  return sum_of_networks(
    run.embedded.values, weights.narrow(1, run.first, run.embedded.size()),
    {run.embedded.vectors, run.embedded.offsets, run.first_layer.vectors,
     run.first_layer.offsets, run.of(output_weight_), run.of(output_bias_),
     run.of(gate_weight_), run.of(gate_bias_), run.of(norm_weight_),
     run.of(norm_bias_)},
    context_.norm_epsilon,
    is_training() ? context_.dropout->draw() : left_out{});
}

torch::Tensor variable_networks::compose(const part& run,
                                         const torch::Tensor& weights) {
  auto inner = torch::baddbmm(run.of(output_bias_).unsqueeze(1),
                              torch::elu(embed({run.first_layer})),
                              run.of(output_weight_).transpose(1, 2));
  if (is_training())
    inner = context_.dropout->drop(inner);
  auto gate = torch::baddbmm(run.of(gate_bias_).unsqueeze(1), inner,
                             run.of(gate_weight_).transpose(1, 2));
  auto raw = torch::glu(gate, -1) + embed({run.embedded});
  auto norm = torch::layer_norm(raw, {raw.size(-1)}, {}, {},
                                context_.norm_epsilon);
  // Each network has its own scale and offset, joined with the weights.
  auto shares = weights.narrow(1, run.first, run.embedded.size());
  auto scale = shares.t().unsqueeze(2) * run.of(norm_weight_).unsqueeze(1);
  return torch::addmm((norm * scale).sum(0), shares, run.of(norm_bias_));
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
