#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/decision_transformer.hpp"
#include "models/neural/drop_out.hpp"

#include <cmath>
#include <string>

namespace qalpha {

namespace {

// Added to the score of a token that must not be seen. Finite, as published: a
// row in which nothing is to be seen stays a number.
constexpr double unseen_score = -1e4;

constexpr double weight_deviation = 0.02;

torch::nn::LayerNorm norm_of(int64_t width) {
  return torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}).eps(1e-5));
}

// The second of three tokens of each step.
torch::Tensor states_of(const torch::Tensor& tokens, int64_t dimension) {
  return tokens.unflatten(dimension, {tokens.size(dimension) / 3, 3})
    .select(dimension + 1, 1);
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
  return forward(x, 0, weight.size(1));
}

torch::Tensor transposed_linear::forward(const torch::Tensor& x, int64_t first,
                                         int64_t count) {
  auto shape = x.sizes().vec();
  shape.back() = count;
  auto rows = x.reshape({-1, weight.size(0)});
  return torch::addmm(bias.narrow(0, first, count), rows,
                      weight.narrow(1, first, count))
    .view(shape);
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
                                        const torch::Tensor& asking,
                                        const torch::Tensor& unseen) {
  auto width = x.size(2);
  auto share = width / heads_;
  auto by_head = [&](const torch::Tensor& part) {
    return part.view({part.size(0), part.size(1), heads_, share})
      .transpose(1, 2);
  };
  std::vector<torch::Tensor> parts;
  if (asking.is_same(x)) {
    parts = in_->forward(x).chunk(3, 2);
  } else {
    parts = in_->forward(x, width, 2 * width).chunk(2, 2);
    parts.insert(parts.begin(), in_->forward(asking, 0, width));
  }
  auto queries = by_head(parts[0] / std::sqrt(static_cast<double>(share)));
  auto scores = queries.matmul(by_head(parts[1]).transpose(2, 3)) + unseen;
  auto shares = drop_out(scores.softmax(-1), dropout_, is_training());
  auto seen = shares.matmul(by_head(parts[2])).transpose(1, 2);
  return drop_out(out_->forward(seen.reshape(asking.sizes())), dropout_,
                  is_training());
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

torch::Tensor transformer_block::add_layers(const torch::Tensor& x) {
  auto wide = wide_->forward(before_layers_(x));
  wide = gelu_ ? torch::gelu(wide, "tanh") : torch::relu(wide);
  return x + drop_out(narrow_->forward(wide), dropout_, is_training());
}

torch::Tensor transformer_block::forward(const torch::Tensor& x,
                                         const torch::Tensor& unseen) {
  auto normed = before_attention_(x);
  return add_layers(x + attention_->forward(normed, normed, unseen));
}

torch::Tensor transformer_block::forward_states(const torch::Tensor& x,
                                                const torch::Tensor& unseen) {
  auto normed = before_attention_(x);
  auto seen = attention_->forward(normed, states_of(normed, 1),
                                  states_of(unseen, 2));
  return add_layers(states_of(x, 1) + seen);
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

torch::Tensor
decision_transformer::unseen_of(const trajectory_batch& batch,
                                const torch::Tensor& tokens) const {
  auto count = tokens.size(1);
  auto later
    = torch::full({count, count}, unseen_score, tokens.options()).triu(1);
  later = later.view({1, 1, count, count});
  if (!batch.mask.defined())
    return later;
  auto filled = (1 - batch.mask.to(tokens.scalar_type())) * unseen_score;
  return later + filled.repeat_interleave(3, 1).view({-1, 1, 1, count});
}

torch::Tensor
decision_transformer::run_all_but_last(const torch::Tensor& tokens,
                                       const torch::Tensor& unseen) {
  auto x = drop_out(tokens, settings_.dropout, is_training());
  for (size_t i = 0; i + 1 < blocks_.size(); ++i)
    x = blocks_[i]->forward(x, unseen);
  return x;
}

torch::Tensor decision_transformer::actions_from(const torch::Tensor& states) {
  auto result = next_action_(states);
  return settings_.bounded_actions ? result.tanh() : result;
}

trajectory_prediction
decision_transformer::forward(const trajectory_batch& batch) {
  auto x = embed(batch);
  auto unseen = unseen_of(batch, x);
  x = blocks_.back()->forward(run_all_but_last(x, unseen), unseen);
  x = last_norm_(x);
  auto after_action = x.unflatten(1, {x.size(1) / 3, 3}).select(2, 2);
  return {actions_from(states_of(x, 1)), next_state_(after_action),
          next_return_(after_action)};
}

torch::Tensor
decision_transformer::predict_actions(const trajectory_batch& batch) {
  auto x = embed(batch);
  auto unseen = unseen_of(batch, x);
  x = blocks_.back()->forward_states(run_all_but_last(x, unseen), unseen);
  return actions_from(last_norm_(x));
}

torch::Tensor
action_loss(const torch::Tensor& predicted, const torch::Tensor& wanted,
            const torch::Tensor& mask, const torch::Tensor& weights) {
  auto weight = mask.to(predicted.scalar_type()).unsqueeze(-1);
  auto squares = (predicted - wanted).square() * weight;
  if (weights.defined())
    squares = squares * weights;
  auto steps = weight.sum().clamp_min(1);
  return squares.sum() / (steps * predicted.size(-1));
}

} // namespace qalpha
