#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/policy_figures.hpp"

#include "models/neural/manifest_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace qalpha {

namespace {

double nearness_of(double distance, double widest) {
  // Not a number stays one, for others to refuse.
  if (distance <= 0 || distance >= widest)
    return 0;
  auto nearness = std::log(widest / distance) / std::log(exit_range);
  return nearness > 1 ? 1 : nearness;
}

double distance_of(double nearness, double widest) {
  return nearness > 0 ? widest * std::pow(exit_range, -nearness) : 0;
}

} // namespace

fallible<policy_figures> policy_figures_of(const manifest& about) {
  figure_reader in{about.settings};
  policy_figures x;
  x.return_scale = in.real("return_scale", 1e-9, 1e9);
  x.target_return = in.real("target_return", -1e6, 1e6);
  x.cost = in.real("cost", 0, 1);
  x.widest_exit = in.real("widest_exit", 1e-6, 1);
  if (in.wrong())
    return *in.wrong();
  return x;
}

void put(const policy_figures& figures, manifest& about) {
  about.settings["return_scale"] = figures.return_scale;
  about.settings["target_return"] = figures.target_return;
  about.settings["cost"] = figures.cost;
  about.settings["widest_exit"] = figures.widest_exit;
}

void encode_action(const policy_action& action, const policy_figures& figures,
                   std::span<float> to) {
  std::array<double, most_action_entries> all{
    std::clamp(action.position, -1.0, 1.0), std::clamp(action.size, 0.0, 1.0),
    nearness_of(action.stop, figures.widest_exit),
    nearness_of(action.take_profit, figures.widest_exit)};
  for (size_t i = 0; i < to.size(); ++i)
    to[i] = static_cast<float>(all[i]);
}

policy_action decode_action(std::span<const float> from,
                            const policy_figures& figures) {
  auto entry = [&](size_t index, double low, double unknown) {
    return index < from.size()
             ? std::clamp(static_cast<double>(from[index]), low, 1.0)
             : unknown;
  };
  return {entry(0, -1, 0), entry(1, 0, 1),
          distance_of(entry(2, 0, 0), figures.widest_exit),
          distance_of(entry(3, 0, 0), figures.widest_exit)};
}

} // namespace qalpha
