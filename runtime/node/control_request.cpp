#include "runtime/node/control_request.hpp"

#include "models/machine/nearest_name.hpp"
#include "runtime/node/node_view.hpp"
#include "runtime/telemetry/printable.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace qalpha {

namespace {

// Names in messages; longer ones are not names.
constexpr size_t longest_quote = 60;

constexpr std::array steering{operator_verb::halt, operator_verb::reduce,
                              operator_verb::flatten, operator_verb::resume};

constexpr std::array<std::string_view, 7> verbs{
  "ping", "inspect", "halt", "reduce", "flatten", "resume", "kill",
};

constexpr std::array<std::string_view, 4> members{
  "verb",
  "reason",
  "code",
  "actor",
};

/// @returns what is wrong with the members of a request, if anything.
std::optional<std::string> objection(const rapidjson::Document& json) {
  if (!json.IsObject())
    return "a request is one JSON object in one line";
  for (auto& each : json.GetObject()) {
    std::string_view key{each.name.GetString(), each.name.GetStringLength()};
    if (std::find(members.begin(), members.end(), key) == members.end())
      return "unknown member " + quote_and_guess(key, members);
    if (!each.value.IsString())
      return std::string{key} + " must be a text";
  }
  if (!json.HasMember("verb"))
    return "the member \"verb\" is missing";
  return std::nullopt;
}

fallible<control_request> parse_command(operator_verb verb,
                                        const rapidjson::Document& json) {
  operator_command result{verb, printable(text_of(json, "reason")),
                          text_of(json, "code")};
  if (columns_of(result.reason) > longest_reason)
    return fault{"reason has more than " + std::to_string(longest_reason)
                 + " characters"};
  if (verb == operator_verb::resume && !json.HasMember("code"))
    return fault{"resume needs the member \"code\""};
  return control_request{result};
}

} // namespace

fallible<control_request> parse_request(std::string_view line) {
  auto json = parse_line(line);
  if (auto wrong = objection(json))
    return fault{*wrong};
  auto verb = text_of(json, "verb");
  for (auto each : steering)
    if (verb == to_string(each))
      return parse_command(each, json);
  if (verb == "ping")
    return control_request{ping_request{}};
  if (verb == "inspect")
    return control_request{inspect_request{}};
  if (verb != "kill")
    return fault{"unknown verb " + quote_and_guess(verb, verbs)};
  if (auto actor = text_of(json, "actor"); !actor.empty())
    return control_request{kill_request{actor}};
  return fault{"kill needs the member \"actor\""};
}

std::string quote_and_guess(std::string_view wrong,
                            std::span<const std::string_view> known) {
  auto text = "\"" + shortened(printable(wrong), longest_quote) + "\"";
  if (auto near = nearest_name(wrong, known))
    text += ", did you mean \"" + std::string{*near} + "\"?";
  return text;
}

} // namespace qalpha
