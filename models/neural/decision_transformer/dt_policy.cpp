#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/fast_transformer.hpp"
#include "models/neural/decision_transformer/load_policy.hpp"
#include "models/neural/decision_transformer/policy_figures.hpp"
#include "models/neural/manifest_figures.hpp"
#include "models/neural/weights.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace qalpha {

namespace {

bool all_finite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(),
                     [](float x) { return std::isfinite(x); });
}

fault wrong_size(const char* what, size_t wanted, size_t found) {
  return fault{std::string{what} + ": expected " + std::to_string(wanted)
               + " values, found " + std::to_string(found)};
}

// A decision transformer with the scales and figures it was trained with.
class dt_policy final : public policy_model {
public:
  dt_policy(const manifest& about, const policy_figures& figures,
            const decision_transformer& model)
    : scales_(about.scales), figures_(figures), transformer_(model) {
    const auto& settings = transformer_.settings();
    shape_.features = about.features;
    shape_.context = static_cast<size_t>(settings.context);
    shape_.episode = static_cast<size_t>(settings.episode);
    shape_.target_return = figures.target_return;
    shape_.cost = figures.cost;
    returns_.reserve(shape_.context);
    states_.reserve(shape_.context * scales_.size());
    actions_.reserve(shape_.context * static_cast<size_t>(settings.actions));
  }

  const policy_model_shape& shape() const noexcept override {
    return shape_;
  }

  fallible<policy_action> act(const policy_context& now) override {
    if (auto wrong = check_sizes(now))
      return *wrong;
    scale(now);
    if (!all_finite(returns_))
      return fault{"returns_to_go: hold a value that is not finite"};
    if (!all_finite(states_))
      return fault{"states: hold a value that is not finite"};
    if (!all_finite(actions_))
      return fault{"actions: hold a value that is not finite"};
    try {
      auto answer = transformer_.act({returns_, states_, actions_, now.step});
      if (!all_finite(answer))
        return fault{"the policy answers with a value that is not finite"};
      return decode_action(answer, figures_);
    } catch (const std::exception& e) {
      return fault{std::string{"the policy cannot answer: "} + e.what()};
    }
  }

private:
  std::optional<fault> check_sizes(const policy_context& now) const {
    auto steps = now.returns_to_go.size();
    if (steps == 0 || steps > shape_.context)
      return fault{"returns_to_go: expected 1 to "
                   + std::to_string(shape_.context) + " steps, found "
                   + std::to_string(steps)};
    auto states = steps * scales_.size();
    if (now.states.size() != states)
      return wrong_size("states", states, now.states.size());
    if (now.actions.size() != steps - 1)
      return wrong_size("actions", steps - 1, now.actions.size());
    if (now.step < steps - 1)
      return fault{"step: expected at least " + std::to_string(steps - 1)
                   + ", found " + std::to_string(now.step)};
    return std::nullopt;
  }

  void scale(const policy_context& now) {
    returns_.clear();
    for (auto x : now.returns_to_go)
      returns_.push_back(static_cast<float>(x / figures_.return_scale));
    states_.clear();
    for (size_t i = 0; i < now.states.size(); ++i) {
      const auto& scale = scales_[i % scales_.size()];
      states_.push_back(
        static_cast<float>((now.states[i] - scale.mean) / scale.deviation));
    }
    auto entries = static_cast<size_t>(transformer_.settings().actions);
    actions_.resize(now.actions.size() * entries);
    auto to = std::span{actions_};
    for (const auto& action : now.actions) {
      encode_action(action, figures_, to.first(entries));
      to = to.subspan(entries);
    }
  }

  policy_model_shape shape_;
  std::vector<column_scale> scales_;
  policy_figures figures_;
  fast_transformer transformer_;
  std::vector<float> returns_;
  std::vector<float> states_;
  std::vector<float> actions_;
};

} // namespace

fallible<std::unique_ptr<policy_model>> load_policy(const checkpoint& from) {
  auto plan = check_manifest(from.about, policy_architecture);
  if (!plan)
    return plan.error();
  auto settings = decision_transformer_settings_of(from.about,
                                                   plan->columns.size());
  if (!settings)
    return settings.error();
  if (settings->actions > static_cast<int64_t>(most_action_entries))
    return fault{"settings.actions: expected 1 to "
                 + std::to_string(most_action_entries) + ", found "
                 + std::to_string(settings->actions)};
  auto figures = policy_figures_of(from.about);
  if (!figures)
    return figures.error();
  if (auto wrong = check_count(from.tensors, weight_count(*settings)))
    return *wrong;
  try {
    decision_transformer model{*settings};
    if (auto wrong = load_weights(model, from.tensors))
      return *wrong;
    return std::unique_ptr<policy_model>{
      std::make_unique<dt_policy>(from.about, *figures, model)};
  } catch (const std::exception& e) {
    return fault{std::string{"the policy cannot be made: "} + e.what()};
  }
}

} // namespace qalpha
