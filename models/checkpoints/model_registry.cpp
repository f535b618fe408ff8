#include "models/checkpoints/model_registry.hpp"

#include "models/checkpoints/manifest_text.hpp"
#include "models/checkpoints/sha256.hpp"
#include "models/machine/json_object.hpp"
#include "models/machine/parameter.hpp"
#include "models/machine/quoted_text.hpp"

#include <algorithm>

namespace qalpha {

namespace {

// Changes when the meaning of a key does.
constexpr int64_t format = 1;

constexpr size_t longest_who = 64;
constexpr size_t longest_why = 200;

constexpr std::string_view promoted = "promoted";
constexpr std::string_view rolled_back = "rolled back";

bool is_clean(std::string_view text, size_t longest) noexcept {
  return text.size() <= longest
         && std::all_of(text.begin(), text.end(), [](char c) {
              return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
            });
}

std::string name_of(const model_version& x) {
  return x.id + " " + std::to_string(x.version);
}

std::optional<fault> check_note(const decision_note& x) {
  if (x.at_ms < 0)
    return fault{"at_ms: must not be negative, was " + std::to_string(x.at_ms)};
  if (x.who.empty() || !is_clean(x.who, longest_who))
    return fault{"who: expected a name of at most 64 bytes, found "
                 + quoted_text(x.who)};
  if (!is_clean(x.why, longest_why))
    return fault{"why: expected one line of at most 200 bytes, found "
                 + quoted_text(x.why)};
  return std::nullopt;
}

std::optional<fault> check_version(const model_version& x) {
  if (!is_model_id(x.id))
    return fault{"id: expected 1 to 64 lower case letters, digits and dashes, "
                 "found "
                 + quoted_text(x.id)};
  if (x.version < 1 || x.version > model_registry::largest_version)
    return fault{"version: expected 1 to 1000000, found "
                 + std::to_string(x.version)};
  if (!is_sha256(x.sha256))
    return fault{"sha256: expected 64 hexadecimal digits, found "
                 + quoted_text(x.sha256)};
  return std::nullopt;
}

/// @returns whether a change is a rollback.
bool read_action(json_object& in) {
  auto action = in.text("action", longest_who);
  if (action != promoted && action != rolled_back)
    in.fail(unknown_name(in.place_of("action") + ":", action,
                         std::array{promoted, rolled_back}));
  return action == rolled_back;
}

model_role read_role(json_object& in) {
  auto name = in.text("role", longest_who);
  auto role = find_role(name);
  if (!role)
    in.fail(unknown_name(in.place_of("role") + ":", name, model_role_names));
  return role.value_or(model_role::forecaster);
}

fallible<registry_change> read_change(const std::string& place,
                                      const json_value& json) {
  json_object in{place, json};
  registry_change result;
  result.note.at_ms = in.whole("at_ms", 0, INT64_MAX);
  result.note.who = in.text("who", longest_who);
  result.is_rollback = read_action(in);
  result.role = read_role(in);
  result.model.id = in.text("id", 64);
  result.model.version = static_cast<uint32_t>(
    in.whole("version", 1, model_registry::largest_version));
  result.model.sha256 = in.text("sha256", 64);
  result.note.why = in.text("why", longest_why);
  if (auto problem = in.finish())
    return *problem;
  return result;
}

std::string change_json(const registry_change& x) {
  return "{\"at_ms\": " + std::to_string(x.note.at_ms)
         + ", \"who\": " + json_text(x.note.who) + ", \"action\": "
         + json_text(x.is_rollback ? rolled_back : promoted) + ", \"role\": "
         + json_text(to_string(x.role)) + ", \"id\": " + json_text(x.model.id)
         + ", \"version\": " + std::to_string(x.model.version)
         + ", \"sha256\": " + json_text(x.model.sha256)
         + ", \"why\": " + json_text(x.note.why) + "}";
}

} // namespace

fallible<model_registry> model_registry::read(std::string_view text) {
  auto json = parse_json(
    text, {.bytes = largest_registry, .levels = 3, .relaxed = false});
  if (!json)
    return json.error();
  json_object in{"", *json};
  in.whole("format", format, format);
  auto changes = in.member("changes", json_kind::array);
  if (auto problem = in.finish())
    return *problem;
  model_registry result;
  for (size_t i = 0; i < changes->children.size(); ++i) {
    auto place = "changes[" + std::to_string(i) + "]";
    auto change = read_change(place, changes->children[i].value);
    if (!change)
      return change.error();
    if (auto problem = result.apply(std::move(*change)))
      return fault{place + ": " + problem->text};
  }
  return result;
}

std::string model_registry::text() const {
  std::string list;
  for (const auto& x : history_)
    list += (list.empty() ? "\n    " : ",\n    ") + change_json(x);
  return "{\n  \"format\": " + std::to_string(format) + ",\n  \"changes\": ["
         + list + (list.empty() ? "]" : "\n  ]") + "\n}\n";
}

std::optional<model_version> model_registry::live(model_role role) const {
  const auto& stack = stacks_[static_cast<size_t>(role)];
  if (stack.empty())
    return std::nullopt;
  return stack.back();
}

std::optional<model_version> model_registry::before(model_role role) const {
  const auto& stack = stacks_[static_cast<size_t>(role)];
  if (stack.size() < 2)
    return std::nullopt;
  return stack[stack.size() - 2];
}

model_state model_registry::state_of(const std::string& id,
                                     uint32_t version) const {
  auto is_it = [&](const model_version& x) {
    return x.id == id && x.version == version;
  };
  for (const auto& stack : stacks_)
    if (!stack.empty() && is_it(stack.back()))
      return model_state::live;
  auto was_live = std::any_of(history_.begin(), history_.end(),
                              [&](const auto& x) { return is_it(x.model); });
  return was_live ? model_state::retired : model_state::candidate;
}

fallible<bool> model_registry::promote(model_role role,
                                       const model_version& model,
                                       const decision_note& note) {
  if (auto problem = apply({note, false, role, model}))
    return *problem;
  return true;
}

fallible<model_version> model_registry::roll_back(model_role role,
                                                  const decision_note& note) {
  auto target = before(role);
  if (!target)
    return fault{"no " + std::string{to_string(role)}
                 + " was live before the present one"};
  if (auto problem = apply({note, true, role, *target}))
    return *problem;
  return *target;
}

std::optional<fault> model_registry::apply(registry_change change) {
  if (auto problem = check_note(change.note))
    return problem;
  if (auto problem = check_version(change.model))
    return problem;
  auto most = change.is_rollback ? most_changes + most_changes / 2
                                 : most_changes;
  if (history_.size() >= most)
    return fault{"expected at most " + std::to_string(most)
                 + " changes; begin a new directory of models"};
  auto role = std::string{to_string(change.role)};
  auto& stack = stacks_[static_cast<size_t>(change.role)];
  if (change.is_rollback) {
    if (before(change.role) != change.model)
      return fault{"the " + role + " before the live one is not "
                   + name_of(change.model)};
    stack.pop_back();
  } else {
    if (!stack.empty() && stack.back() == change.model)
      return fault{name_of(change.model) + " is the live " + role + " already"};
    stack.push_back(change.model);
  }
  history_.push_back(std::move(change));
  return std::nullopt;
}

} // namespace qalpha
