#include "models/neural/torch.hpp"

#include "models/training/policy/rollout.hpp"

#include <algorithm>
#include <span>

namespace qalpha {

namespace {

/// All episodes of a rollout, one row each.
class rollout {
public:
  rollout(decision_transformer& model, const torch::Tensor& states,
          const std::vector<int64_t>& begins, const rollout_settings& settings)
    : model_(model), figures_(settings.figures) {
    auto count = static_cast<int64_t>(begins.size());
    auto length = static_cast<int64_t>(settings.episode);
    auto options = states.options();
    auto steps = torch::arange(length, torch::kLong).to(states.device());
    auto rows = torch::tensor(begins, torch::kLong).to(states.device());
    states_ = states.index_select(0, (rows.unsqueeze(1) + steps).flatten())
                .view({count, length, states.size(1)});
    steps_ = steps.unsqueeze(0).expand({count, length});
    actions_ = torch::zeros({count, length, model.settings().actions}, options);
    wanted_ = torch::zeros({count, length, 1}, options);
  }

  /// @param wanted scaled returns that are still to come, one an episode
  /// @returns the actions of this step.
  std::vector<policy_action> act(size_t step,
                                 const std::vector<float>& wanted) {
    auto now = static_cast<int64_t>(step);
    wanted_.select(1, now).copy_(
      torch::tensor(wanted).unsqueeze(1).to(wanted_.device()));
    auto context = model_.settings().context;
    auto first = std::max<int64_t>(0, now + 1 - context);
    auto seen = now + 1 - first;
    auto cut = [&](const torch::Tensor& x) {
      auto part = x.narrow(1, first, seen);
      return torch::constant_pad_nd(part, {0, 0, context - seen, 0});
    };
    trajectory_batch batch;
    batch.states = cut(states_);
    batch.actions = cut(actions_);
    batch.returns_to_go = cut(wanted_);
    batch.timesteps = torch::constant_pad_nd(steps_.narrow(1, first, seen),
                                             {context - seen, 0});
    batch.mask = torch::constant_pad_nd(
      torch::ones({states_.size(0), seen}, states_.options()),
      {context - seen, 0});
    return decode(model_.predict_actions(batch).select(1, context - 1), now);
  }

private:
  /// Keeps what becomes of the answers, as it is encoded.
  std::vector<policy_action> decode(const torch::Tensor& answers, int64_t now) {
    auto said = answers.to(torch::kCPU).contiguous();
    auto entries = static_cast<size_t>(said.size(1));
    std::vector<policy_action> result;
    for (int64_t i = 0; i < said.size(0); ++i) {
      std::span row{said.data_ptr<float>() + i * said.size(1), entries};
      result.push_back(decode_action(row, figures_));
      encode_action(result.back(), figures_, row);
    }
    actions_.select(1, now).copy_(said);
    return result;
  }

  decision_transformer& model_;
  policy_figures figures_;
  torch::Tensor states_;
  torch::Tensor steps_;
  torch::Tensor actions_;
  torch::Tensor wanted_;
};

} // namespace

std::vector<double>
roll_out(decision_transformer& model, const training_set& set,
         const std::vector<episode_place>& places, const torch::Tensor& states,
         const std::vector<int64_t>& first_rows,
         const rollout_settings& settings) {
  std::vector<int64_t> begins;
  for (auto place : places)
    begins.push_back(first_rows[place.series]
                     + static_cast<int64_t>(place.first));
  rollout all{model, states, begins, settings};
  std::vector<double> earned(places.size());
  std::vector<guarded_position> held(places.size());
  for (size_t step = 0; step < settings.episode; ++step) {
    std::vector<float> wanted;
    for (auto x : earned)
      wanted.push_back(static_cast<float>((settings.target - x)
                                          / settings.figures.return_scale));
    auto actions = all.act(step, wanted);
    for (size_t i = 0; i < places.size(); ++i) {
      const auto& series = set.series()[places[i].series];
      auto row = places[i].first + step;
      earned[i] += play_bar(held[i], actions[i], series.closes[row],
                            prices_at(series, row + 1), settings.figures.cost);
    }
  }
  return earned;
}

} // namespace qalpha
