#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/decision_transformer.hpp"

#include <cmath>
#include <string>

namespace qalpha {

namespace {

// Added to the score of a token that must not be seen. Finite, as published: a
// row in which nothing is to be seen stays a number.
constexpr double unseen = -1e4;

constexpr double weight_deviation = 0.02;

torch::nn::LayerNorm norm_of(int64_t width) {
  return torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}).eps(1e-5));
}

// A module that only gives others a prefix for their names.
class folder final : public torch::nn::Module {};

} // namespace

// -- blocks -------------------------------------------------------------------

transposed_linear::transposed_linear(int64_t in, int64_t out) {
  weight = register_parameter("weight",
                              torch::randn({in, out}) * weight_deviation);
  bias = register_parameter("bias", torch::zeros({out}));
}

torch::Tensor transposed_linear::forward(const torch::Tensor& x) {
  auto rows = x.reshape({-1, weight.size(0)});
  auto shape = x.sizes().vec();
  shape.back() = weight.size(1);
  return torch::addmm(bias, rows, weight).view(shape);
}

causal_attention::causal_attention(
  const decision_transformer_settings& settings)
  : heads_(settings.heads), dropout_(settings.dropout) {
  auto width = settings.hidden;
  in_ = register_module("c_attn",
                        std::make_shared<transposed_linear>(width, 3 * width));
  out_ = register_module("c_proj",
                         std::make_shared<transposed_linear>(width, width));
}

torch::Tensor causal_attention::forward(const torch::Tensor& x,
                                        const torch::Tensor& hidden) {
  auto batch = x.size(0);
  auto tokens = x.size(1);
  auto width = x.size(2);
  auto parts = in_->forward(x).chunk(3, 2);
  for (auto& part : parts)
    part = part.view({batch, tokens, heads_, width / heads_}).transpose(1, 2);
  auto scale = 1 / std::sqrt(static_cast<double>(width / heads_));
  auto scores = parts[0].matmul(parts[1].transpose(2, 3)) * scale + hidden;
  auto shares = torch::dropout(scores.softmax(-1), dropout_, is_training());
  auto seen = shares.matmul(parts[2]).transpose(1, 2);
  auto joined = seen.reshape({batch, tokens, width});
  return torch::dropout(out_->forward(joined), dropout_, is_training());
}

transformer_block::transformer_block(
  const decision_transformer_settings& settings)
  : gelu_(settings.gelu), dropout_(settings.dropout) {
  auto width = settings.hidden;
  before_attention_ = register_module("ln_1", norm_of(width));
  attention_ = register_module("attn",
                               std::make_shared<causal_attention>(settings));
  before_layers_ = register_module("ln_2", norm_of(width));
  auto layers = register_module("mlp", std::make_shared<folder>());
  wide_ = layers->register_module(
    "c_fc", std::make_shared<transposed_linear>(width, 4 * width));
  narrow_ = layers->register_module(
    "c_proj", std::make_shared<transposed_linear>(4 * width, width));
}

torch::Tensor transformer_block::forward(const torch::Tensor& x,
                                         const torch::Tensor& hidden) {
  auto y = x + attention_->forward(before_attention_(x), hidden);
  auto wide = wide_->forward(before_layers_(y));
  wide = gelu_ ? torch::gelu(wide, "tanh") : torch::relu(wide);
  return y + torch::dropout(narrow_->forward(wide), dropout_, is_training());
}

// -- the model ----------------------------------------------------------------

decision_transformer::decision_transformer(
  const decision_transformer_settings& settings)
  : settings_(settings) {
  auto width = settings.hidden;
  auto transformer = register_module("transformer", std::make_shared<folder>());
  auto list = transformer->register_module("h", std::make_shared<folder>());
  for (int64_t i = 0; i < settings.layers; ++i)
    blocks_.push_back(list->register_module(
      std::to_string(i), std::make_shared<transformer_block>(settings)));
  last_norm_ = transformer->register_module("ln_f", norm_of(width));
  time_ = register_module("embed_timestep",
                          torch::nn::Embedding(settings.episode, width));
  return_ = register_module("embed_return", torch::nn::Linear(1, width));
  state_ = register_module("embed_state",
                           torch::nn::Linear(settings.states, width));
  action_ = register_module("embed_action",
                            torch::nn::Linear(settings.actions, width));
  after_embedding_ = register_module("embed_ln", norm_of(width));
  next_state_ = register_module("predict_state",
                                torch::nn::Linear(width, settings.states));
  auto actions = register_module("predict_action", std::make_shared<folder>());
  next_action_
    = actions->register_module("0", torch::nn::Linear(width, settings.actions));
  next_return_ = register_module("predict_return", torch::nn::Linear(width, 1));
}

torch::Tensor decision_transformer::embed(const trajectory_batch& batch) {
  auto last = settings_.episode - 1;
  auto time = time_(batch.timesteps.to(torch::kLong).clamp(0, last));
  auto tokens
    = torch::stack({return_(batch.returns_to_go) + time,
                    state_(batch.states) + time, action_(batch.actions) + time},
                   2);
  return after_embedding_(tokens.flatten(1, 2));
}

torch::Tensor decision_transformer::run(const trajectory_batch& batch) {
  auto x = embed(batch);
  auto tokens = x.size(1);
  auto hidden = torch::full({tokens, tokens}, unseen, x.options()).triu(1);
  hidden = hidden.view({1, 1, tokens, tokens});
  if (batch.mask.defined()) {
    auto filled = (1 - batch.mask.to(x.scalar_type())) * unseen;
    hidden = hidden + filled.repeat_interleave(3, 1).view({-1, 1, 1, tokens});
  }
  x = torch::dropout(x, settings_.dropout, is_training());
  for (auto& block : blocks_)
    x = block->forward(x, hidden);
  x = last_norm_(x);
  return x.view({x.size(0), tokens / 3, 3, x.size(2)});
}

torch::Tensor decision_transformer::actions_from(const torch::Tensor& tokens) {
  auto result = next_action_(tokens.select(2, 1));
  return settings_.bounded_actions ? result.tanh() : result;
}

trajectory_prediction
decision_transformer::forward(const trajectory_batch& batch) {
  auto tokens = run(batch);
  auto after_action = tokens.select(2, 2);
  return {actions_from(tokens), next_state_(after_action),
          next_return_(after_action)};
}

torch::Tensor
decision_transformer::predict_actions(const trajectory_batch& batch) {
  return actions_from(run(batch));
}

torch::Tensor action_loss(const torch::Tensor& predicted,
                          const torch::Tensor& wanted,
                          const torch::Tensor& mask) {
  auto weight = mask.to(predicted.scalar_type()).unsqueeze(-1);
  auto squares = (predicted - wanted).square() * weight;
  auto steps = weight.sum().clamp_min(1);
  return squares.sum() / (steps * predicted.size(-1));
}

} // namespace qalpha
