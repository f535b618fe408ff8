#include "models/neural/torch.hpp"

#include "models/neural/cvae/settings.hpp"

#include "models/neural/manifest_figures.hpp"

#include <string>

namespace qalpha {

namespace {

// Bounds far above what anybody trains, which keep a hostile manifest from
// taking all memory.
constexpr int64_t most_columns = 4'096;
constexpr int64_t most_width = 4'096;
constexpr size_t most_layers = 16;
constexpr int64_t most_latent = 512;
constexpr double most_dropout = 0.9;

std::map<std::string, double> figures_of(const contrastive_vae_settings& x) {
  return {{"columns", static_cast<double>(x.columns)},
          {"latent", static_cast<double>(x.latent)},
          {"projection", static_cast<double>(x.projection)},
          {"dropout", x.dropout}};
}

fallible<contrastive_vae_settings>
read(const std::map<std::string, double>& figures,
     const std::vector<double>& widths) {
  figure_reader in{figures};
  contrastive_vae_settings x;
  x.columns = in.whole("columns", 1, most_columns);
  x.latent = in.whole("latent", 2, most_latent);
  x.projection = in.whole("projection", 1, most_latent);
  x.dropout = in.real("dropout", 0, most_dropout);
  if (in.wrong())
    return *in.wrong();
  if (widths.empty() || widths.size() > most_layers)
    return fault{"lists.hidden: expected 1 to " + std::to_string(most_layers)
                 + " widths, found " + std::to_string(widths.size())};
  x.hidden.clear();
  for (auto width : widths) {
    if (!(width >= 1 && width <= most_width && width == std::floor(width)))
      return fault{"lists.hidden: expected whole numbers from 1 to "
                   + std::to_string(most_width)};
    x.hidden.push_back(static_cast<int64_t>(width));
  }
  return x;
}

std::vector<double> widths_of(const contrastive_vae_settings& x) {
  return {x.hidden.begin(), x.hidden.end()};
}

} // namespace

std::optional<fault> check(const contrastive_vae_settings& settings) {
  auto checked = read(figures_of(settings), widths_of(settings));
  return checked ? std::nullopt : std::optional{checked.error()};
}

uint64_t weight_count(const contrastive_vae_settings& settings) noexcept {
  auto linear = [](int64_t in, int64_t out) { return (in + 1) * out; };
  int64_t result = 0;
  auto width = settings.columns;
  auto back = settings.latent;
  for (size_t i = 0; i < settings.hidden.size(); ++i) {
    auto next = settings.hidden[i];
    auto next_back = settings.hidden[settings.hidden.size() - 1 - i];
    // Four values a column of a batch norm.
    result += linear(width, next) + 4 * next;
    result += linear(back, next_back) + 4 * next_back;
    width = next;
    back = next_back;
  }
  result += 2 * linear(width, settings.latent) + linear(back, settings.columns);
  result += linear(settings.latent, settings.latent)
            + linear(settings.latent, settings.projection);
  return static_cast<uint64_t>(result);
}

fallible<contrastive_vae_settings>
contrastive_vae_settings_of(const manifest& about, size_t columns) {
  auto widths = about.lists.find("hidden");
  if (widths == about.lists.end())
    return fault{"lists.hidden: missing"};
  auto result = read(about.settings, widths->second);
  if (result && result->columns != static_cast<int64_t>(columns))
    return fault{"settings.columns: expected " + std::to_string(columns)
                 + ", those of the features, found "
                 + std::to_string(result->columns)};
  return result;
}

void put(const contrastive_vae_settings& settings, manifest& about) {
  for (const auto& [name, value] : figures_of(settings))
    about.settings[name] = value;
  about.lists["hidden"] = widths_of(settings);
}

} // namespace qalpha
