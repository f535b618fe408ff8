#include "models/machine/number_text.hpp"
#include "models/machine/quoted_text.hpp"
#include "runtime/cli/models_text.hpp"

#include <fmt/format.h>

namespace qalpha {

namespace {

std::string figures_json(const std::map<std::string, double>& figures) {
  std::string result;
  for (const auto& [name, value] : figures)
    result += (result.empty() ? "" : ", ") + json_text(name) + ": "
              + exact_number_text(value);
  return "{" + result + "}";
}

/// @returns the members that lists and single models share.
std::string members_of(const model_version& version, model_state state) {
  return fmt::format(R"("id": {}, "version": {}, "state": {}, "sha256": {})",
                     json_text(version.id), version.version,
                     json_text(to_string(state)), json_text(version.sha256));
}

std::string members_of(const manifest& about, utc_time now) {
  auto role = find_role(about.architecture, model_architectures);
  return fmt::format(
    R"("role": {}, "architecture": {}, "trained_at_ms": {}, "age_s": {}, )"
    R"("data": {{"begin_ms": {}, "end_ms": {}, "hash": {}}}, )"
    R"("schema_hash": {}, "seed": {}, "commit": {}, "metrics": {})",
    role ? json_text(to_string(*role)) : "null", json_text(about.architecture),
    about.trained_at_ms, (now.ns / 1'000'000 - about.trained_at_ms) / 1000,
    about.data_begin_ms, about.data_end_ms, json_text(about.data_hash),
    json_text(about.schema_hash), about.seed, json_text(about.commit),
    figures_json(about.metrics));
}

std::string note_json(const decision_note& note) {
  return fmt::format(R"("at_ms": {}, "who": {}, "why": {})", note.at_ms,
                     json_text(note.who), json_text(note.why));
}

std::string action_of(const registry_change& change) {
  return change.is_rollback ? "\"rolled back\"" : "\"promoted\"";
}

std::string history_json(const model_version& version,
                         const model_registry& registry) {
  std::string result;
  for (const auto& x : registry.history())
    if (x.model.id == version.id && x.model.version == version.version)
      result += fmt::format(R"({}{{"action": {}, {}}})",
                            result.empty() ? "" : ", ", action_of(x),
                            note_json(x.note));
  return "[" + result + "]";
}

} // namespace

std::string models_json(const std::vector<stored_model>& models, utc_time now) {
  std::string list;
  for (const auto& x : models) {
    list += (list.empty() ? "{" : ", {") + members_of(x.version, x.state);
    if (x.about)
      list += ", " + members_of(*x.about, now);
    list += ", \"problem\": "
            + (x.problem.empty() ? "null" : json_text(x.problem)) + "}";
  }
  return "{\"ok\": true, \"models\": [" + list + "]}";
}

std::string model_json(const stored_checkpoint& model,
                       const model_registry& registry, utc_time now) {
  const auto& version = model.version;
  const auto& about = model.model.about;
  uint64_t numbers = 0;
  for (const auto& tensor : model.model.tensors)
    numbers += tensor.values.size();
  return fmt::format(
    R"({{"ok": true, {}, {}, "settings": {}, "tensors": {}, "numbers": {}, )"
    R"("history": {}}})",
    members_of(version, registry.state_of(version.id, version.version)),
    members_of(about, now), figures_json(about.settings),
    model.model.tensors.size(), numbers, history_json(version, registry));
}

std::string change_json(const registry_change& change) {
  return fmt::format(
    R"({{"ok": true, "action": {}, "role": {}, "id": {}, "version": {}, )"
    R"("sha256": {}, {}}})",
    action_of(change), json_text(to_string(change.role)),
    json_text(change.model.id), change.model.version,
    json_text(change.model.sha256), note_json(change.note));
}

} // namespace qalpha
