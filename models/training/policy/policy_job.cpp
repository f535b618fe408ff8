#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/policy_figures.hpp"
#include "models/training/loop_job.hpp"
#include "models/training/policy/policy_plan.hpp"
#include "models/training/policy/policy_task.hpp"
#include "models/training/policy/rollout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace qalpha {

namespace {

/// Shares of the training episodes whose returns are asked for in turn.
constexpr std::array target_shares{0.1, 0.3, 0.5, 0.7, 0.9};

/// Entries of an action as figures call them, in their order.
constexpr std::array action_entries{"position", "size", "stop", "take_profit"};
static_assert(action_entries.size() == most_action_entries);

double mean_of(const std::vector<double>& x) {
  return x.empty() ? 0
                   : std::accumulate(x.begin(), x.end(), 0.0)
                       / static_cast<double>(x.size());
}

std::vector<double> totals_of(const std::vector<trajectory>& all) {
  std::vector<double> result;
  for (const auto& one : all)
    result.push_back(one.total());
  return result;
}

double deviation_of(const std::vector<double>& x) {
  auto mean = mean_of(x);
  double squares = 0;
  for (auto value : x)
    squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(x.size()));
}

/// @returns a distance from which on an exit may count as none: above all that
///          those who are learned from wanted.
double widest_exit(const std::vector<trajectory>& all) {
  constexpr auto margin = 1.25;
  double widest = 0;
  for (const auto& one : all)
    for (const auto& action : one.actions)
      widest = std::max({widest, action.stop, action.take_profit});
  return widest > 0 ? std::clamp(margin * widest, 1e-6, 1.0)
                    : policy_figures{}.widest_exit;
}

/// All that the job needs beside the loop.
struct policy_data {
  policy_plan plan;
  training_set set;
  played_parts parts;
  torch::Tensor states;
  std::vector<int64_t> first_rows;
  policy_figures figures;
  manifest about;
};

class policy_job final : public loop_job {
public:
  policy_job(std::unique_ptr<policy_task> task,
             std::unique_ptr<policy_data> data,
             std::shared_ptr<all_reduce> together)
    : policy_job(task.get(), std::move(task), std::move(data),
                 std::move(together)) {
    // nop
  }

protected:
  std::optional<fault> evaluate(training_result& into) override {
    const auto& test = data_->parts.test;
    into.model.about = data_->about;
    for (auto share : target_shares) {
      auto target = return_quantile(data_->parts.train, share);
      into.lists["targets"].push_back(target);
      into.lists["achieved_by_target"].push_back(mean_of(earned(target)));
    }
    auto best = earned(data_->figures.target_return);
    into.figures = {
      {"target_return", data_->figures.target_return},
      {"achieved_at_target", mean_of(best)},
      {"achieved_deviation", deviation_of(best)},
      {"behaviour_mean", mean_of(totals_of(test))},
      {"test_episodes", static_cast<double>(data_->parts.test_places.size())},
      {"validation_loss", loop_.best_loss()},
    };
    auto errors = policy_.action_errors(data_->plan.training.batch);
    for (size_t i = 0; i < errors.size(); ++i)
      into.figures[std::string{action_entries[i]} + "_error"] = errors[i];
    for (size_t i = 0; i < behaviour_count; ++i) {
      std::vector<double> totals;
      for (const auto& one : test)
        if (static_cast<size_t>(one.who) == i)
          totals.push_back(one.total());
      auto name = std::string{to_string(static_cast<behaviour>(i))};
      into.figures[name + "_mean"] = mean_of(totals);
    }
    return std::nullopt;
  }

private:
  policy_job(policy_task* policy, std::unique_ptr<policy_task> task,
             std::unique_ptr<policy_data> data,
             std::shared_ptr<all_reduce> together)
    : loop_job(std::move(task), data->plan.training, std::move(together)),
      policy_(*policy), data_(std::move(data)) {
    // nop
  }

  std::vector<double> earned(double target) {
    const auto& plan = data_->plan;
    return roll_out(policy_.transformer(), data_->set, data_->parts.test_places,
                    data_->states, data_->first_rows,
                    {target, plan.episodes.episode, data_->figures});
  }

  policy_task& policy_;
  std::unique_ptr<policy_data> data_;
};

fallible<played_parts> play(const policy_plan& plan, const training_set& set,
                            std::vector<episode_place>& train) {
  auto places = cut_episodes(set, plan.episodes);
  auto spans = spans_of(set, places, plan.episodes);
  auto parts = part_samples(spans, plan.parts);
  if (!parts)
    return fault{"episodes: " + parts.error().text};
  auto chosen = [&](const std::vector<size_t>& numbers) {
    std::vector<episode_place> result;
    for (auto number : numbers)
      result.push_back(places[number]);
    return result;
  };
  train = chosen(parts->train);
  auto seed = plan.training.seed;
  auto test = chosen(parts->test);
  played_parts result;
  result.train = play_episodes(set, train, plan.episodes, seed);
  result.validation = play_episodes(set, chosen(parts->validation),
                                    plan.episodes, seed);
  result.test = play_episodes(set, test, plan.episodes, seed);
  result.test_places = std::move(test);
  return result;
}

/// @returns the windows whose rows are states of the episodes.
std::vector<size_t> windows_in(const training_set& set,
                               const std::vector<episode_place>& places,
                               size_t length) {
  std::vector<std::vector<bool>> wanted;
  for (const auto& one : set.series())
    wanted.emplace_back(one.times.size());
  for (auto place : places)
    for (size_t i = 0; i < length; ++i)
      wanted[place.series][place.first + i] = true;
  std::vector<size_t> result;
  for (size_t i = 0; i < set.windows().size(); ++i)
    if (wanted[set.windows()[i].series][set.windows()[i].row])
      result.push_back(i);
  return result;
}

std::optional<fault> check(const policy_plan& plan) {
  if (auto problem = check(plan.training))
    return problem;
  if (auto problem = check(plan.episodes))
    return problem;
  if (plan.windows.lookback != 1 || plan.windows.horizon != 0)
    return fault{"windows: expected a lookback of 1 and no horizon"};
  if (!(plan.target_share > 0 && plan.target_share < 1))
    return fault{"target_share: expected a share between 0 and 1"};
  if (plan.return_steps == 0 || !(plan.return_weight >= 0))
    return fault{"return_steps, return_weight: expected at least one step and "
                 "a weight that is not negative"};
  return std::nullopt;
}

} // namespace

fallible<std::unique_ptr<training_job>>
make_policy_job(const policy_plan& plan, std::span<const market_rows> history,
                std::shared_ptr<all_reduce> together) {
  if (auto problem = check(plan))
    return *problem;
  auto device = device_of(plan.training);
  if (!device)
    return device.error();
  auto windows = plan.windows;
  windows.whole_bars = true;
  auto set = training_set::make(windows, history);
  if (!set)
    return set.error();
  std::vector<episode_place> train;
  auto parts = play(plan, *set, train);
  if (!parts)
    return parts.error();
  auto data = std::make_unique<policy_data>(
    policy_data{plan, std::move(*set), std::move(*parts), {}, {}, {}, {}});
  auto& model = data->plan.model;
  model.states = static_cast<int64_t>(data->set.columns());
  model.actions = static_cast<int64_t>(most_action_entries);
  model.episode = static_cast<int64_t>(plan.episodes.episode);
  if (auto problem = check(model))
    return *problem;
  auto scales = fit_scales(data->set,
                           windows_in(data->set, train, plan.episodes.episode));
  data->states = scaled_rows(data->set, scales.columns).to(*device);
  data->first_rows = first_rows(data->set);
  auto& figures = data->figures;
  figures.return_scale = std::max(1e-6,
                                  deviation_of(totals_of(data->parts.train)));
  figures.target_return = return_quantile(data->parts.train, plan.target_share);
  figures.cost = plan.episodes.cost;
  figures.widest_exit = widest_exit(data->parts.train);
  data->about.id = "decision-transformer";
  data->about.architecture = "decision-transformer";
  describe(data->set, scales.columns, plan.training.seed, data->about);
  put(model, data->about);
  put(figures, data->about);
  auto task = std::make_unique<policy_task>(
    data->plan, data->parts, data->states, data->first_rows, figures);
  return std::unique_ptr<training_job>{std::make_unique<policy_job>(
    std::move(task), std::move(data), std::move(together))};
}

} // namespace qalpha
