#include "runtime/node/session_models.hpp"

#include <utility>

namespace qalpha {

fallible<session_models> open_models(const node_config& config,
                                     const model_loaders* loaders,
                                     const universe& instruments) {
  auto chosen = choose_models(config.models, config.feed.bar_interval);
  if (!chosen)
    return chosen.error();
  session_models result{.set = {}, .chosen = std::move(*chosen), .lines = {}};
  result.lines = describe(result.chosen);
  if (result.lines.empty())
    return result;
  if (loaders == nullptr)
    return fault{"models: this program was built without LibTorch"};
  model_surroundings around{
    .instruments = instruments,
    .sources
    = [](const feature_plan& plan,
         const instrument& rules) { return stream_features(plan, rules); },
    .answer_within = config.models.answer_within,
    .max_age = std::nullopt};
  // Only a real market is at the time of the world.
  if (config.mode == run_mode::paper)
    around.max_age = config.models.max_age;
  auto set = load_model_set(result.chosen, *loaders, around);
  if (!set)
    return set.error();
  result.set = std::move(*set);
  return result;
}

} // namespace qalpha
