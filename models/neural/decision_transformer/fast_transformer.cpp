#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/fast_transformer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace qalpha {

namespace {

constexpr float norm_epsilon = 1e-5f;
constexpr float unseen_score = -1e4f;

// Sums as many columns at a time as fit into vectors.
constexpr int64_t lanes = 16;

template <class Term>
float sum_of(int64_t width, Term term) {
  std::array<float, lanes> sums{};
  int64_t i = 0;
  for (; i + lanes <= width; i += lanes)
    for (int64_t lane = 0; lane < lanes; ++lane)
      sums[static_cast<size_t>(lane)] += term(i + lane);
  float result = 0;
  for (; i < width; ++i)
    result += term(i);
  for (auto sum : sums)
    result += sum;
  return result;
}

// Adds a bias to rows that have waited for it, and writes them normalised.
void normalise(const torch::Tensor& rows, const torch::Tensor& late_bias,
               const torch::Tensor& weight, const torch::Tensor& bias,
               const torch::Tensor& to) {
  auto width = rows.size(1);
  const auto* late = late_bias.data_ptr<float>();
  const auto* scale = weight.data_ptr<float>();
  const auto* shift = bias.data_ptr<float>();
  auto* row = rows.data_ptr<float>();
  auto* out = to.data_ptr<float>();
  for (int64_t i = 0; i < rows.size(0); ++i, row += width, out += width) {
    for (int64_t j = 0; j < width; ++j)
      row[j] += late[j];
    auto count = static_cast<float>(width);
    auto mean = sum_of(width, [row](int64_t j) { return row[j]; }) / count;
    auto squares = sum_of(width, [row, mean](int64_t j) {
      auto apart = row[j] - mean;
      return apart * apart;
    });
    auto factor = 1 / std::sqrt(squares / count + norm_epsilon);
    for (int64_t j = 0; j < width; ++j)
      out[j] = (row[j] - mean) * factor * scale[j] + shift[j];
  }
}

} // namespace

fast_transformer::fast_transformer(const decision_transformer& model)
  : settings_(model.settings()) {
  torch::InferenceMode no_gradients;
  auto named = model.named_parameters();
  auto tensor = [&](const std::string& name) {
    return named[name].detach().to(torch::kCPU, torch::kFloat32).clone();
  };
  auto both = [&](const std::string& name) {
    return affine{tensor(name + ".weight"), tensor(name + ".bias")};
  };
  return_ = both("embed_return");
  state_ = both("embed_state");
  action_ = both("embed_action");
  after_embedding_ = both("embed_ln");
  time_ = tensor("embed_timestep.weight");
  for (int64_t i = 0; i < settings_.layers; ++i) {
    auto name = "transformer.h." + std::to_string(i);
    blocks_.push_back({both(name + ".ln_1"), both(name + ".attn.c_attn"),
                       both(name + ".attn.c_proj"), both(name + ".ln_2"),
                       both(name + ".mlp.c_fc"), both(name + ".mlp.c_proj")});
  }
  last_norm_ = both("transformer.ln_f");
  next_action_ = both("predict_action.0");
  no_bias_ = torch::zeros({settings_.hidden});
  answer_.resize(static_cast<size_t>(settings_.actions));
  resize(settings_.context);
}

void fast_transformer::resize(int64_t steps) {
  auto tokens = 3 * steps - 1;
  auto width = settings_.hidden;
  steps_ = steps;
  states_ = torch::empty({steps, settings_.states});
  embedded_states_ = torch::empty({steps, width});
  rows_ = torch::empty({tokens, width});
  normed_ = torch::empty({tokens, width});
  projected_ = torch::empty({tokens, 3 * width});
  scores_ = torch::empty({tokens, tokens});
  unseen_ = torch::full({tokens, tokens}, unseen_score).triu(1);
  seen_ = torch::empty({tokens, width});
  wide_ = torch::empty({tokens, 4 * width});
  all_ = scope_from(0);
  last_ = scope_from(tokens - 1);
}

// All tokens from one on ask; all that there are can be asked.
fast_transformer::scope fast_transformer::scope_from(int64_t token) const {
  auto width = settings_.hidden;
  auto share = width / settings_.heads;
  scope result{rows_.slice(0, token),   normed_.slice(0, token),
               scores_.slice(0, token), seen_.slice(0, token),
               wide_.slice(0, token),   {}};
  for (int64_t i = 0; i < settings_.heads; ++i) {
    auto part = [&](int64_t first) {
      return projected_.narrow(1, first + i * share, share);
    };
    result.heads.push_back({part(0).slice(0, token), part(width).t(),
                            part(2 * width),
                            result.seen.narrow(1, i * share, share)});
  }
  return result;
}

void fast_transformer::embed(const transformer_question& question) {
  auto width = settings_.hidden;
  std::copy(question.states.begin(), question.states.end(),
            states_.data_ptr<float>());
  torch::addmm_out(embedded_states_, state_.bias, states_, state_.weight.t());
  const auto* from_return = return_.weight.data_ptr<float>();
  const auto* return_bias = return_.bias.data_ptr<float>();
  const auto* from_action = action_.weight.data_ptr<float>();
  const auto* action_bias = action_.bias.data_ptr<float>();
  const auto* state = embedded_states_.data_ptr<float>();
  const auto* action = question.actions.data();
  auto* row = rows_.data_ptr<float>();
  for (int64_t i = 0; i < steps_; ++i, state += width) {
    auto step = static_cast<int64_t>(question.step) - (steps_ - 1 - i);
    const auto* time = time_.data_ptr<float>()
                       + std::min(step, settings_.episode - 1) * width;
    auto wanted = question.returns_to_go[static_cast<size_t>(i)];
    for (int64_t j = 0; j < width; ++j) {
      row[j] = from_return[j] * wanted + return_bias[j] + time[j];
      row[width + j] = state[j] + time[j];
    }
    row += 2 * width;
    if (i + 1 == steps_)
      break;
    for (int64_t j = 0; j < width; ++j) {
      auto sum = action_bias[j] + time[j];
      for (int64_t k = 0; k < settings_.actions; ++k)
        sum += from_action[j * settings_.actions + k] * action[k];
      row[j] = sum;
    }
    row += width;
    action += settings_.actions;
  }
  normalise(rows_, no_bias_, after_embedding_.weight, after_embedding_.bias,
            rows_);
}

void fast_transformer::attend(const scope& to, bool all) {
  auto scale = 1
               / std::sqrt(static_cast<double>(settings_.hidden)
                           / static_cast<double>(settings_.heads));
  auto scores = to.scores;
  for (auto& head : to.heads) {
    // The last token may see everything.
    if (all)
      torch::addmm_out(scores, unseen_, head.queries, head.keys, 1, scale);
    else
      torch::mm_out(scores, head.queries, head.keys).mul_(scale);
    torch::_softmax_out(scores, scores, 1, false);
    auto seen = head.seen;
    torch::mm_out(seen, scores, head.values);
  }
}

void fast_transformer::run(const block& with, const scope& to,
                           const torch::Tensor& late_bias) {
  normalise(rows_, late_bias, with.before_attention.weight,
            with.before_attention.bias, normed_);
  auto all = to.rows.size(0) == rows_.size(0);
  if (all) {
    torch::addmm_out(projected_, with.in.bias, normed_, with.in.weight);
  } else {
    auto width = settings_.hidden;
    auto asked = projected_.slice(1, width);
    torch::addmm_out(asked, with.in.bias.slice(0, width), normed_,
                     with.in.weight.slice(1, width));
    auto asking
      = projected_.slice(0, projected_.size(0) - 1).slice(1, 0, width);
    torch::addmm_out(asking, with.in.bias.slice(0, 0, width), to.normed,
                     with.in.weight.slice(1, 0, width));
  }
  attend(to, all);
  auto rows = to.rows;
  rows.addmm_(to.seen, with.out.weight);
  normalise(rows, with.out.bias, with.before_layers.weight,
            with.before_layers.bias, to.normed);
  auto wide = to.wide;
  torch::addmm_out(wide, with.wide.bias, to.normed, with.wide.weight);
  if (settings_.gelu)
    torch::gelu_(wide, "tanh");
  else
    wide.relu_();
  rows.addmm_(wide, with.narrow.weight);
}

std::span<const float>
fast_transformer::act(const transformer_question& question) {
  torch::InferenceMode no_gradients;
  auto steps = static_cast<int64_t>(question.returns_to_go.size());
  if (steps != steps_)
    resize(steps);
  embed(question);
  const auto* late_bias = &no_bias_;
  for (const auto& block : blocks_) {
    run(block, &block == &blocks_.back() ? last_ : all_, *late_bias);
    late_bias = &block.narrow.bias;
  }
  normalise(last_.rows, *late_bias, last_norm_.weight, last_norm_.bias,
            last_.normed);
  const auto* row = last_.normed.data_ptr<float>();
  for (int64_t i = 0; i < settings_.actions; ++i) {
    const auto* weight = next_action_.weight.data_ptr<float>()
                         + i * settings_.hidden;
    auto sum = next_action_.bias.data_ptr<float>()[i]
               + sum_of(settings_.hidden,
                        [=](int64_t j) { return row[j] * weight[j]; });
    answer_[static_cast<size_t>(i)] = settings_.bounded_actions ? std::tanh(sum)
                                                                : sum;
  }
  return answer_;
}

} // namespace qalpha
