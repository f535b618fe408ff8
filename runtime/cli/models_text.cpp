#include "runtime/cli/models_text.hpp"

#include "models/features/feature_plan.hpp"
#include "models/machine/number_text.hpp"
#include "runtime/reports/figure_text.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace qalpha {

namespace {

utc_time time_of(int64_t ms) {
  return {ms * 1'000'000};
}

std::string day_of(int64_t ms) {
  return format_utc(time_of(ms)).substr(0, 10);
}

std::string name_of(const model_version& x) {
  return x.id + " " + std::to_string(x.version);
}

std::string role_of(const manifest& about) {
  auto role = find_role(about.architecture, model_architectures);
  return role ? std::string{to_string(*role)} : "-";
}

timespan age_of(const manifest& about, utc_time now) {
  return now - time_of(about.trained_at_ms);
}

std::string ago_text(timespan age) {
  return age < timespan{0} ? "in the future" : age_text(age) + " ago";
}

std::string list_line(const stored_model& x, utc_time now, size_t width) {
  auto state = x.about ? std::string{to_string(x.state)} : "damaged";
  auto head = fmt::format("{:<{}}  {:>7}  {:<9}", x.version.id, width,
                          x.version.version, state);
  if (!x.about)
    return head + "  " + x.problem + "\n";
  const auto& about = *x.about;
  return fmt::format("{}  {:<10}  {:<10}  {:>10}  {} to {}  {}\n", head,
                     role_of(about), day_of(about.trained_at_ms),
                     age_text(age_of(about, now)), day_of(about.data_begin_ms),
                     day_of(about.data_end_ms), about.schema_hash);
}

/// @returns one line of a group of facts.
std::string fact(std::string_view name, const std::string& text) {
  return fmt::format("  {:<11} {}\n", name, text);
}

std::string figures_text(const std::map<std::string, double>& figures) {
  std::string result;
  for (const auto& [name, value] : figures)
    result += (result.empty() ? "" : ", ") + name + " "
              + exact_number_text(value);
  return result.empty() ? "none" : result;
}

std::string lists_text(const manifest& about) {
  std::string result;
  for (const auto& [name, values] : about.lists) {
    result += (result.empty() ? "" : "; ") + name;
    for (auto value : values)
      result += " " + exact_number_text(value);
  }
  for (const auto& [name, values] : about.names) {
    result += (result.empty() ? "" : "; ") + name;
    for (const auto& value : values)
      result += " " + value;
  }
  return result.empty() ? "none" : result;
}

std::string features_line(const manifest& about) {
  auto plan = feature_plan::make(about.features);
  std::string columns;
  if (plan)
    for (const auto& column : plan->columns)
      columns += (columns.empty() ? "" : ", ") + column.name;
  return fmt::format("{} of {} bars, schema {}", columns,
                     format_timespan(about.features.interval),
                     about.schema_hash);
}

std::string weights_line(const checkpoint& model) {
  uint64_t numbers = 0;
  for (const auto& tensor : model.tensors)
    numbers += tensor.values.size();
  return counted_text(model.tensors.size(), "tensor", "tensors") + ", "
         + counted_text(numbers, "number", "numbers");
}

std::string note_text(const decision_note& note) {
  auto text = format_utc(time_of(note.at_ms)) + " by " + note.who;
  return note.why.empty() ? text : text + ": " + note.why;
}

bool is_about(const registry_change& change, const model_version& version) {
  return change.model.id == version.id
         && change.model.version == version.version;
}

std::string history_text(const model_version& version,
                         const model_registry& registry) {
  std::string result;
  for (const auto& change : registry.history())
    if (is_about(change, version))
      result += fact(change.is_rollback ? "back to it" : "promoted",
                     note_text(change.note));
  return result;
}

} // namespace

std::string age_text(timespan age) {
  using namespace std::chrono;
  if (age < timespan{0})
    return "-";
  auto text = [&](auto unit, const char* one, const char* many) {
    auto count = duration_cast<decltype(unit)>(age).count();
    return counted_text(static_cast<uint64_t>(count), one, many);
  };
  if (age < hours{2})
    return text(minutes{}, "minute", "minutes");
  if (age < days{2})
    return text(hours{}, "hour", "hours");
  return text(days{}, "day", "days");
}

std::string models_text(const std::vector<stored_model>& models, utc_time now) {
  if (models.empty())
    return "no models here; qalpha train makes some\n";
  size_t width = 5;
  for (const auto& x : models)
    width = std::max(width, x.version.id.size());
  auto result = fmt::format("{:<{}}  {:>7}  {:<9}  {:<10}  {:<10}  {:>10}  "
                            "{:<24}  {}\n",
                            "model", width, "version", "state", "role",
                            "trained", "age", "data (UTC)", "features");
  for (const auto& x : models)
    result += list_line(x, now, width);
  return result;
}

std::string model_text(const stored_checkpoint& model,
                       const model_registry& registry, utc_time now) {
  const auto& about = model.model.about;
  auto state = registry.state_of(model.version.id, model.version.version);
  auto result = name_of(model.version) + ", a " + about.architecture + "\n";
  result += fact("state",
                 fmt::format("{} for {}", to_string(state), role_of(about)));
  result += fact("trained",
                 fmt::format("{}, {}, seed {}, commit {}",
                             format_utc(time_of(about.trained_at_ms)),
                             ago_text(age_of(about, now)), about.seed,
                             about.commit));
  result += fact("data", fmt::format("{} to {}, hash {}",
                                     format_utc(time_of(about.data_begin_ms)),
                                     format_utc(time_of(about.data_end_ms)),
                                     about.data_hash));
  result += fact("features", features_line(about));
  result += fact("settings", figures_text(about.settings));
  result += fact("lists", lists_text(about));
  result += fact("metrics", figures_text(about.metrics));
  result += fact("weights", weights_line(model.model));
  result += fact("sha256", model.version.sha256);
  return result + history_text(model.version, registry);
}

std::string change_text(const registry_change& change,
                        const std::optional<model_version>& before) {
  auto result = name_of(change.model) + " is the live "
                + std::string{to_string(change.role)} + " now";
  if (before)
    result += ", " + name_of(*before) + " is retired";
  return result + "\n";
}

} // namespace qalpha
