#include "models/checkpoints/manifest_text.hpp"
#include "models/checkpoints/model_role.hpp"
#include "models/features/feature_plan.hpp"
#include "models/machine/parameter.hpp"
#include "models/machine/quoted_text.hpp"

#include <algorithm>
#include <cmath>

namespace qalpha {

namespace {

// The year 2100: later times are in other units.
constexpr int64_t latest_ms = 4'102'444'800'000;

constexpr size_t longest_name = 64;

std::string at(const char* list, size_t index) {
  return list + ("[" + std::to_string(index) + "]");
}

bool is_plain(std::string_view x) noexcept {
  return !x.empty() && x.size() <= longest_name
         && std::all_of(x.begin(), x.end(), [](char c) {
              return c > ' ' && c < 0x7f && c != '"' && c != '\\';
            });
}

std::optional<fault> check_scales(const manifest& x, size_t columns) {
  if (x.scales.size() != columns)
    return fault{"scales: expected one for each of the "
                 + std::to_string(columns) + " columns, found "
                 + std::to_string(x.scales.size())};
  for (size_t i = 0; i < columns; ++i) {
    const auto& scale = x.scales[i];
    if (!std::isfinite(scale.mean) || !std::isfinite(scale.deviation)
        || scale.deviation <= 0)
      return fault{at("scales", i)
                   + ": expected a finite mean and a positive deviation"};
  }
  return std::nullopt;
}

bool is_rising(const column_bins& x) {
  return std::is_sorted(x.edges.begin(), x.edges.end())
         && std::all_of(x.edges.begin(), x.edges.end(),
                        [](double edge) { return std::isfinite(edge); });
}

bool is_whole(const column_bins& x) {
  double sum = 0;
  for (auto share : x.shares) {
    if (!(share >= 0 && share <= 1))
      return false;
    sum += share;
  }
  return std::abs(sum - 1) < 1e-6;
}

std::optional<fault> check_bins(const manifest& x, size_t columns) {
  if (!x.bins.empty() && x.bins.size() != columns)
    return fault{"bins: expected none or one for each of the "
                 + std::to_string(columns) + " columns, found "
                 + std::to_string(x.bins.size())};
  for (size_t i = 0; i < x.bins.size(); ++i)
    if (!is_rising(x.bins[i]) || !is_whole(x.bins[i]))
      return fault{at("bins", i)
                   + ": expected rising edges and shares of sum 1"};
  return std::nullopt;
}

std::optional<fault> check_features(const manifest& x) {
  auto plan = feature_plan::make(x.features);
  if (!plan)
    return plan.error();
  if (plan->schema_hash != x.schema_hash)
    return fault{"schema_hash: the model was trained on features "
                 + quoted_text(x.schema_hash) + ", this program computes \""
                 + plan->schema_hash + "\""};
  auto columns = plan->columns.size();
  if (auto problem = check_scales(x, columns))
    return problem;
  return check_bins(x, columns);
}

/// Names of figures and the figures.
std::optional<fault> check_figures(const char* place,
                                   const std::map<std::string, double>& list) {
  for (const auto& [name, value] : list)
    if (!is_plain(name) || !std::isfinite(value))
      return fault{
        place
        + (": expected finite figures by name, found " + quoted_text(name))};
  return std::nullopt;
}

std::optional<fault> check_lists(const manifest& x) {
  for (const auto& [name, values] : x.lists) {
    auto is_finite = std::all_of(values.begin(), values.end(),
                                 [](double v) { return std::isfinite(v); });
    if (!is_plain(name) || !is_finite)
      return fault{"lists: expected finite figures by name, found "
                   + quoted_text(name)};
  }
  for (const auto& [name, values] : x.names)
    if (!is_plain(name) || !std::all_of(values.begin(), values.end(), is_plain))
      return fault{"names: expected names without blanks, found "
                   + quoted_text(name)};
  return std::nullopt;
}

std::optional<fault> check_origin(const manifest& x) {
  if (!is_plain(x.data_hash))
    return fault{"data.hash: expected letters and digits, found "
                 + quoted_text(x.data_hash)};
  if (!is_plain(x.commit))
    return fault{"commit: expected letters and digits, found "
                 + quoted_text(x.commit)};
  for (auto time : {x.data_begin_ms, x.data_end_ms, x.trained_at_ms})
    if (time < 0 || time > latest_ms)
      return fault{"times: expected milliseconds since 1970, found "
                   + std::to_string(time)};
  if (x.data_begin_ms > x.data_end_ms)
    return fault{"data: expected an end that is not before the begin"};
  return std::nullopt;
}

} // namespace

bool is_model_id(std::string_view x) noexcept {
  return !x.empty() && x.size() <= 64
         && std::all_of(x.begin(), x.end(), [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
                     || c == '-';
            });
}

std::optional<fault> check_manifest(const manifest& x) {
  if (!is_model_id(x.id))
    return fault{"id: expected 1 to 64 lower case letters, digits and dashes, "
                 "found "
                 + quoted_text(x.id)};
  if (!find_role(x.architecture, model_architectures))
    return unknown_name(
      "architecture:", std::string_view{x.architecture}.substr(0, 60),
      model_architectures);
  if (auto problem = check_features(x))
    return problem;
  if (auto problem = check_figures("settings", x.settings))
    return problem;
  if (auto problem = check_figures("metrics", x.metrics))
    return problem;
  if (auto problem = check_lists(x))
    return problem;
  return check_origin(x);
}

} // namespace qalpha
