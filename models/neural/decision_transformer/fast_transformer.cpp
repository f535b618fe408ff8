#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/fast_transformer.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace qalpha {

namespace {

constexpr float unseen_score = -1e4f;

// Products of matrices are up to a third slower if the rows are no multiple.
constexpr int64_t rows_at_a_time = 4;

std::string name_of_block(int64_t index) {
  return "transformer.h." + std::to_string(index);
}

} // namespace

fast_transformer::fast_transformer(const decision_transformer& model)
  : settings_(model.settings()),
    last_block_(
      block_of(model.named_parameters(), name_of_block(settings_.layers - 1)),
      settings_) {
  torch::InferenceMode no_gradients;
  auto named = model.named_parameters();
  return_ = affine_of(named, "embed_return");
  state_ = affine_of(named, "embed_state");
  action_ = affine_of(named, "embed_action");
  after_embedding_ = affine_of(named, "embed_ln");
  time_ = named["embed_timestep.weight"]
            .detach()
            .to(torch::kCPU, torch::kFloat32)
            .clone();
  for (int64_t i = 0; i + 1 < settings_.layers; ++i)
    blocks_.push_back(block_of(named, name_of_block(i)));
  last_norm_ = affine_of(named, "transformer.ln_f");
  next_action_ = affine_of(named, "predict_action.0");
  no_bias_ = torch::zeros({settings_.hidden});
  answer_.resize(static_cast<size_t>(settings_.actions));
  resize(settings_.context);
}

void fast_transformer::resize(int64_t steps) {
  // Three tokens a step, but for the action of the last one.
  auto tokens = 3 * steps - 1;
  auto rows = (tokens + rows_at_a_time - 1) / rows_at_a_time * rows_at_a_time;
  auto width = settings_.hidden;
  auto share = width / settings_.heads;
  steps_ = steps;
  states_ = torch::empty({steps, settings_.states});
  embedded_states_ = torch::empty({steps, width});
  rows_ = torch::zeros({rows, width});
  normed_ = torch::empty({rows, width});
  projected_ = torch::empty({rows, 3 * width});
  scores_ = torch::empty({rows, rows});
  unseen_ = torch::full({rows, rows}, unseen_score).triu(1);
  seen_ = torch::empty({rows, width});
  wide_ = torch::empty({rows, 4 * width});
  heads_.clear();
  for (int64_t i = 0; i < width; i += share)
    heads_.push_back({projected_.narrow(1, i, share),
                      projected_.narrow(1, width + i, share).t(),
                      projected_.narrow(1, 2 * width + i, share),
                      seen_.narrow(1, i, share)});
  tokens_ = rows_.narrow(0, 0, tokens);
  normed_tokens_ = normed_.narrow(0, 0, tokens);
}

void fast_transformer::embed_tokens(const transformer_question& question) {
  auto width = settings_.hidden;
  const auto* from_return = return_.weight.data_ptr<float>();
  const auto* return_bias = return_.bias.data_ptr<float>();
  const auto* from_action = action_.weight.data_ptr<float>();
  const auto* action_bias = action_.bias.data_ptr<float>();
  const auto* state = embedded_states_.data_ptr<float>();
  const auto* action = question.actions.data();
  auto* row = rows_.data_ptr<float>();
  for (int64_t i = 0; i < steps_; ++i) {
    auto step = static_cast<int64_t>(question.step) - (steps_ - 1 - i);
    const auto* time = time_.data_ptr<float>()
                       + std::min(step, settings_.episode - 1) * width;
    auto wanted = question.returns_to_go[static_cast<size_t>(i)];
    for (int64_t j = 0; j < width; ++j) {
      row[j] = from_return[j] * wanted + return_bias[j] + time[j];
      row[width + j] = state[j] + time[j];
    }
    row += 2 * width;
    state += width;
    if (i + 1 == steps_)
      return;
    for (int64_t j = 0; j < width; ++j) {
      auto sum = action_bias[j] + time[j];
      for (int64_t k = 0; k < settings_.actions; ++k)
        sum += from_action[j * settings_.actions + k] * action[k];
      row[j] = sum;
    }
    row += width;
    action += settings_.actions;
  }
}

void fast_transformer::embed(const transformer_question& question) {
  std::copy(question.states.begin(), question.states.end(),
            states_.data_ptr<float>());
  torch::addmm_out(embedded_states_, state_.bias, states_, state_.weight.t());
  rows_.narrow(0, tokens_.size(0), rows_.size(0) - tokens_.size(0)).zero_();
  embed_tokens(question);
  normalise(rows_, no_bias_, after_embedding_, rows_);
}

void fast_transformer::attend() {
  auto scale = 1
               / std::sqrt(static_cast<double>(settings_.hidden)
                           / static_cast<double>(settings_.heads));
  for (auto& head : heads_) {
    torch::addmm_out(scores_, unseen_, head.queries, head.keys, 1, scale);
    torch::_softmax_out(scores_, scores_, 1, false);
    torch::mm_out(head.seen, scores_, head.values);
  }
}

const torch::Tensor& fast_transformer::run(const block_weights& with,
                                           const torch::Tensor& late_bias) {
  normalise(rows_, late_bias, with.before_attention, normed_);
  torch::addmm_out(projected_, with.in.bias, normed_, with.in.weight);
  attend();
  rows_.addmm_(seen_, with.out.weight);
  normalise(rows_, with.out.bias, with.before_layers, normed_);
  torch::addmm_out(wide_, with.wide.bias, normed_, with.wide.weight);
  activate(wide_, settings_.gelu);
  rows_.addmm_(wide_, with.narrow.weight);
  return with.narrow.bias;
}

std::span<const float>
fast_transformer::act(const transformer_question& question) {
  torch::InferenceMode no_gradients;
  auto steps = static_cast<int64_t>(question.returns_to_go.size());
  if (steps != steps_)
    resize(steps);
  embed(question);
  const auto* late_bias = &no_bias_;
  for (const auto& block : blocks_)
    late_bias = &run(block, *late_bias);
  late_bias = &last_block_.run(tokens_, normed_tokens_, *late_bias);
  auto last = tokens_.size(0) - 1;
  auto row = normed_tokens_.select(0, last);
  normalise(tokens_.select(0, last), *late_bias, last_norm_, row);
  const auto* values = row.data_ptr<float>();
  for (int64_t i = 0; i < settings_.actions; ++i) {
    const auto* weight = next_action_.weight.data_ptr<float>()
                         + i * settings_.hidden;
    auto sum = next_action_.bias.data_ptr<float>()[i]
               + sum_of(settings_.hidden,
                        [=](int64_t j) { return values[j] * weight[j]; });
    answer_[static_cast<size_t>(i)] = settings_.bounded_actions ? std::tanh(sum)
                                                                : sum;
  }
  return answer_;
}

} // namespace qalpha
