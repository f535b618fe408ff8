#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/settings.hpp"

#include "models/neural/manifest_figures.hpp"

#include <string>

namespace qalpha {

namespace {

// Bounds far above what anybody trains, which keep a hostile manifest from
// taking all memory.
constexpr int64_t most_states = 4'096;
constexpr int64_t most_actions = 64;
constexpr int64_t most_hidden = 2'048;
constexpr int64_t most_layers = 48;
constexpr int64_t most_heads = 64;
constexpr int64_t most_context = 1'000;
constexpr int64_t most_episode = 100'000;
constexpr double most_dropout = 0.9;

std::map<std::string, double>
figures_of(const decision_transformer_settings& x) {
  return {{"states", static_cast<double>(x.states)},
          {"actions", static_cast<double>(x.actions)},
          {"hidden", static_cast<double>(x.hidden)},
          {"layers", static_cast<double>(x.layers)},
          {"heads", static_cast<double>(x.heads)},
          {"context", static_cast<double>(x.context)},
          {"episode", static_cast<double>(x.episode)},
          {"gelu", x.gelu ? 1.0 : 0.0},
          {"bounded_actions", x.bounded_actions ? 1.0 : 0.0},
          {"dropout", x.dropout}};
}

fallible<decision_transformer_settings>
read(const std::map<std::string, double>& figures) {
  figure_reader in{figures};
  decision_transformer_settings x;
  x.states = in.whole("states", 1, most_states);
  x.actions = in.whole("actions", 1, most_actions);
  x.hidden = in.whole("hidden", 1, most_hidden);
  x.layers = in.whole("layers", 1, most_layers);
  x.heads = in.whole("heads", 1, most_heads);
  x.context = in.whole("context", 1, most_context);
  x.episode = in.whole("episode", 1, most_episode);
  x.gelu = in.flag("gelu");
  x.bounded_actions = in.flag("bounded_actions");
  x.dropout = in.real("dropout", 0, most_dropout);
  if (in.wrong())
    return *in.wrong();
  if (x.hidden % x.heads != 0)
    return fault{"settings.hidden: expected a multiple of "
                 + std::to_string(x.heads) + " heads, found "
                 + std::to_string(x.hidden)};
  return x;
}

} // namespace

std::optional<fault> check(const decision_transformer_settings& settings) {
  auto checked = read(figures_of(settings));
  return checked ? std::nullopt : std::optional{checked.error()};
}

uint64_t weight_count(const decision_transformer_settings& settings) noexcept {
  auto width = static_cast<uint64_t>(settings.hidden);
  auto columns = static_cast<uint64_t>(settings.states + settings.actions + 1);
  auto norms = 2 * width;
  auto block = 12 * width * width + 9 * width + 2 * norms;
  auto embeddings = static_cast<uint64_t>(settings.episode) * width
                    + (columns + 3) * width;
  auto heads = columns * width + columns;
  return static_cast<uint64_t>(settings.layers) * block + embeddings + heads
         + 2 * norms;
}

fallible<decision_transformer_settings>
decision_transformer_settings_of(const manifest& about, size_t states) {
  auto result = read(about.settings);
  if (result && result->states != static_cast<int64_t>(states))
    return fault{"settings.states: expected " + std::to_string(states)
                 + ", the columns of the features, found "
                 + std::to_string(result->states)};
  return result;
}

void put(const decision_transformer_settings& settings, manifest& about) {
  for (const auto& [name, value] : figures_of(settings))
    about.settings[name] = value;
}

} // namespace qalpha
