#include "runtime/outlook/chosen_models.hpp"

#include "runtime/telemetry/time_text.hpp"

#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>

namespace qalpha {

namespace {

/// "ID@VERSION"
struct version_choice {
  std::string id;
  uint32_t version = 0;
};

fallible<version_choice> parse_choice(std::string_view text) {
  auto at = text.rfind('@');
  auto digits = at == std::string_view::npos ? std::string_view{}
                                             : text.substr(at + 1);
  version_choice result{std::string{text.substr(0, at)}};
  auto end = digits.data() + digits.size();
  auto read = std::from_chars(digits.data(), end, result.version);
  if (digits.empty() || read.ec != std::errc{} || read.ptr != end)
    return fault{"expected \"none\", \"live\" or ID@VERSION, found \""
                 + std::string{text} + "\""};
  return result;
}

fallible<stored_checkpoint> load(const checkpoint_store& store, model_role who,
                                 const std::string& which) {
  if (which == "live") {
    auto found = store.load_live(who);
    if (!found)
      return found.error();
    if (!*found)
      return fault{"no model is live in " + store.path()
                   + "; see qalpha models list and promote"};
    return std::move(**found);
  }
  auto choice = parse_choice(which);
  if (!choice)
    return choice.error();
  auto found = store.load(choice->id, choice->version);
  if (!found)
    return found;
  auto wanted = model_architectures[static_cast<size_t>(who)];
  if (found->model.about.architecture != wanted)
    return fault{which + " is a " + found->model.about.architecture
                 + ", expected a " + std::string{wanted}};
  return found;
}

} // namespace

fallible<chosen_models> choose_models(const model_settings& settings,
                                      timespan bar_interval) {
  chosen_models result;
  const std::array<const std::string*, model_role_count> wanted{
    &settings.forecaster, &settings.regimes, &settings.policy};
  std::optional<checkpoint_store> store;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (*wanted[i] == "none")
      continue;
    if (!store) {
      auto opened = checkpoint_store::open(settings.directory);
      if (!opened)
        return fault{"models.directory: " + opened.error().text};
      store.emplace(std::move(*opened));
    }
    auto who = static_cast<model_role>(i);
    auto key = "models." + std::string{to_string(who)} + ": ";
    auto found = load(*store, who, *wanted[i]);
    if (!found)
      return fault{key + found.error().text};
    auto interval = found->model.about.features.interval;
    if (interval != bar_interval)
      return fault{key + found->version.id + " reads bars of "
                   + format_timespan(interval) + ", feed.bar_interval is "
                   + format_timespan(bar_interval)};
    result[i] = std::make_shared<stored_checkpoint>(std::move(*found));
  }
  return result;
}

std::vector<std::string> describe(const chosen_models& models) {
  std::vector<std::string> result;
  for (size_t i = 0; i < models.size(); ++i) {
    if (!models[i])
      continue;
    constexpr int64_t second = 1'000'000'000;
    constexpr size_t shown_digits = 12;
    auto& version = models[i]->version;
    auto& about = models[i]->model.about;
    result.push_back(std::string{model_role_names[i]} + " " + version.id + "@"
                     + std::to_string(version.version) + " "
                     + version.sha256.substr(0, shown_digits) + ", trained "
                     + format_utc({about.trained_at_ms / 1'000 * second}));
  }
  return result;
}

} // namespace qalpha
