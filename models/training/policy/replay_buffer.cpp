#include "models/neural/torch.hpp"

#include "models/training/policy/replay_buffer.hpp"

#include "models/training/returns.hpp"

#include <array>

namespace qalpha {

namespace {

void append(std::vector<float>& to, const std::vector<double>& from,
            double divisor) {
  for (auto x : from)
    to.push_back(static_cast<float>(x / divisor));
}

constexpr auto entries = static_cast<int64_t>(most_action_entries);

} // namespace

replay_buffer::replay_buffer(const std::vector<trajectory>& all,
                             torch::Tensor states,
                             const std::vector<int64_t>& first_rows,
                             const policy_figures& figures, size_t return_steps,
                             int64_t context)
  : trajectories_(static_cast<int64_t>(all.size())),
    length_(all.empty() ? 0 : static_cast<int64_t>(all[0].actions.size())),
    context_(context), states_(std::move(states)) {
  std::vector<int64_t> begins;
  std::vector<float> actions;
  std::vector<float> returns;
  std::vector<float> short_returns;
  for (const auto& one : all) {
    begins.push_back(first_rows[one.place.series]
                     + static_cast<int64_t>(one.place.first));
    for (const auto& action : one.actions) {
      std::array<float, most_action_entries> encoded;
      encode_action(action, figures, encoded);
      actions.insert(actions.end(), encoded.begin(), encoded.end());
    }
    append(returns, one.returns_to_go, figures.return_scale);
    append(short_returns, multi_step_returns(one.rewards, return_steps),
           figures.return_scale);
  }
  auto device = states_.device();
  auto table = [&](const std::vector<float>& x, int64_t columns) {
    return torch::tensor(x).view({-1, columns}).to(device);
  };
  begins_ = torch::tensor(begins, torch::kLong).to(device);
  actions_ = table(actions, entries);
  returns_to_go_ = table(returns, 1);
  short_returns_ = table(short_returns, 1);
}

replay_batch replay_buffer::cut(std::span<const size_t> samples) const {
  std::vector<int64_t> which;
  std::vector<int64_t> begins;
  for (auto sample : samples) {
    which.push_back(static_cast<int64_t>(sample) / length_);
    begins.push_back(static_cast<int64_t>(sample) % length_);
  }
  auto device = states_.device();
  auto count = static_cast<int64_t>(samples.size());
  auto row = torch::tensor(which, torch::kLong).to(device).unsqueeze(1);
  auto begin = torch::tensor(begins, torch::kLong).to(device).unsqueeze(1);
  auto end = (begin + context_).clamp_max(length_) - 1;
  auto back = torch::arange(context_, end.options()) - (context_ - 1);
  auto step = end + back;
  auto there = step >= begin;
  auto safe = step.clamp_min(0);
  auto mask = there.to(torch::kFloat);
  auto pick = [&](const torch::Tensor& table) {
    auto flat = (row * length_ + safe).flatten();
    return table.index_select(0, flat).view({count, context_, table.size(1)})
           * mask.unsqueeze(2);
  };
  replay_batch result;
  result.steps.mask = mask;
  result.steps.timesteps = safe * there;
  result.steps.actions = pick(actions_);
  result.steps.returns_to_go = pick(returns_to_go_);
  result.short_returns = pick(short_returns_);
  auto rows = (begins_.index_select(0, row.flatten()).unsqueeze(1) + safe);
  result.steps.states = states_.index_select(0, rows.flatten())
                          .view({count, context_, states_.size(1)})
                        * mask.unsqueeze(2);
  return result;
}

torch::Tensor replay_buffer::action_variances() const {
  return actions_.var(0, false);
}

} // namespace qalpha
