#include "models/neural/tft/tft_manifest.hpp"

#include "models/features/market_columns.hpp"
#include "models/neural/manifest_figures.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace qalpha {

namespace {

using names_of = std::vector<std::string>;

/// @returns the names, which must be there and differ.
fallible<names_of> read_names(const manifest& about, const std::string& key,
                              size_t most) {
  auto found = about.names.find(key);
  if (found == about.names.end() || found->second.empty())
    return fault{"names." + key + ": expected at least one name"};
  const auto& names = found->second;
  if (names.size() > most)
    return fault{"names." + key + ": expected at most " + std::to_string(most)
                 + " names, found " + std::to_string(names.size())};
  std::set<std::string> seen;
  for (const auto& name : names)
    if (name.empty() || !seen.insert(name).second)
      return fault{"names." + key + ": \"" + name
                   + "\" is empty or there twice"};
  return names;
}

fallible<std::vector<double>> read_list(const manifest& about,
                                        const std::string& key, size_t size) {
  auto found = about.lists.find(key);
  if (found == about.lists.end())
    return fault{"lists." + key + ": missing"};
  if (found->second.size() != size)
    return fault{"lists." + key + ": expected " + std::to_string(size)
                 + ", one for each series, found "
                 + std::to_string(found->second.size())};
  return found->second;
}

/// @returns for each column whether the time alone decides its values.
std::vector<bool> only_need_time(const feature_plan& plan) {
  std::vector<bool> result(plan.columns.size());
  for (const auto& step : plan.steps) {
    auto known = std::all_of(
      step.inputs.begin(), step.inputs.end(), [&](const feature_input& input) {
        return input.of_feature ? static_cast<bool>(result[input.column])
                                : plan.sources[input.column] == time_column;
      });
    for (size_t i = 0; i < step.entry->outputs.size(); ++i)
      result[step.first_column + i] = known;
  }
  return result;
}

/// @returns the columns of the plan, observed ones first.
fallible<std::vector<size_t>> order_columns(const feature_plan& plan,
                                            const names_of& known) {
  auto allowed = only_need_time(plan);
  std::vector<size_t> last;
  for (const auto& name : known) {
    auto found = std::find_if(plan.columns.begin(), plan.columns.end(),
                              [&](const auto& x) { return x.name == name; });
    if (found == plan.columns.end())
      return fault{"names.known: \"" + name
                   + "\" is no column of the features"};
    auto column = static_cast<size_t>(found - plan.columns.begin());
    if (!allowed[column])
      return fault{"names.known: \"" + name
                   + "\" needs more than the time, so nobody knows it "
                     "beforehand"};
    last.push_back(column);
  }
  std::vector<size_t> result;
  for (size_t i = 0; i < plan.columns.size(); ++i)
    if (std::find(last.begin(), last.end(), i) == last.end())
      result.push_back(i);
  result.insert(result.end(), last.begin(), last.end());
  return result;
}

fallible<tft_settings> read_settings(const manifest& about, size_t series,
                                     size_t known, size_t columns) {
  tft_settings result;
  result.static_categories = {static_cast<int64_t>(series)};
  result.known_values = static_cast<int64_t>(known);
  result.observed_values = static_cast<int64_t>(columns - known);
  figure_reader figures{about.settings};
  result.hidden = figures.whole("hidden", 2, most_tft_hidden);
  result.heads = figures.whole("heads", 1, most_tft_hidden);
  result.lookback = figures.whole("lookback", 1, most_tft_steps);
  result.horizon = figures.whole("horizon", 1, most_tft_steps);
  result.dropout = figures.real("dropout", 0, 1);
  result.norm_epsilon = figures.real("norm_epsilon", 0, 1);
  if (figures.wrong())
    return *figures.wrong();
  auto levels = about.lists.find("levels");
  if (levels == about.lists.end())
    return fault{"lists.levels: missing"};
  result.levels = levels->second;
  if (auto problem = find_problem(result))
    return *problem;
  return result;
}

fallible<std::vector<column_scale>> read_targets(const manifest& about,
                                                 size_t series) {
  auto means = read_list(about, "target_means", series);
  if (!means)
    return means.error();
  auto deviations = read_list(about, "target_deviations", series);
  if (!deviations)
    return deviations.error();
  std::vector<column_scale> result;
  for (size_t i = 0; i < series; ++i) {
    result.push_back({(*means)[i], (*deviations)[i]});
    const auto& scale = result.back();
    if (!std::isfinite(scale.mean) || !std::isfinite(scale.deviation)
        || !(scale.deviation > 0))
      return fault{"lists.target_deviations[" + std::to_string(i)
                   + "]: expected a positive deviation and a finite mean"};
  }
  return result;
}

} // namespace

fallible<tft_description> read_tft_manifest(const manifest& about) {
  auto plan = check_manifest(about, std::string{tft_architecture});
  if (!plan)
    return plan.error();
  auto series = read_names(about, "series", most_tft_series);
  if (!series)
    return series.error();
  auto known = read_names(about, "known", most_tft_variables);
  if (!known)
    return known.error();
  auto columns = order_columns(*plan, *known);
  if (!columns)
    return columns.error();
  auto settings = read_settings(about, series->size(), known->size(),
                                columns->size());
  if (!settings)
    return settings.error();
  auto targets = read_targets(about, series->size());
  if (!targets)
    return targets.error();
  return tft_description{std::move(*plan), std::move(*settings),
                         std::move(*columns), std::move(*targets)};
}

void describe_tft(manifest& about, const tft_settings& settings) {
  about.architecture = tft_architecture;
  about.settings["hidden"] = static_cast<double>(settings.hidden);
  about.settings["heads"] = static_cast<double>(settings.heads);
  about.settings["lookback"] = static_cast<double>(settings.lookback);
  about.settings["horizon"] = static_cast<double>(settings.horizon);
  about.settings["dropout"] = settings.dropout;
  about.settings["norm_epsilon"] = settings.norm_epsilon;
  about.lists["levels"] = settings.levels;
}

} // namespace qalpha
