#include "models/features/feature_request_text.hpp"

#include "models/features/catalogue.hpp"
#include "models/machine/number_text.hpp"
#include "models/machine/quoted_text.hpp"

#include <cmath>
#include <optional>

namespace qalpha {

namespace {

fault expected(const std::string& place, const std::string& what,
               const json_value& found) {
  return {place + ": expected " + what + ", found " + describe(found)};
}

std::optional<fault> read_inputs(const std::string& place,
                                 const json_value& json,
                                 feature_request& into) {
  if (json.kind != json_kind::object)
    return expected(place, "an object such as {\"close\": \"mark\"}", json);
  for (const auto& [input, from] : json.children) {
    if (from.kind != json_kind::text)
      return expected(place + "." + input, "the name of a column", from);
    into.inputs[input] = from.text;
  }
  return std::nullopt;
}

/// The entry need not be known: the plan tells of that.
std::optional<fault> read_first_input(const std::string& place,
                                      const json_value& json,
                                      feature_request& into) {
  if (json.kind != json_kind::text)
    return expected(place, "the name of a column", json);
  if (auto entry = find_feature(into.feature))
    into.inputs[std::string{entry->inputs.front()}] = json.text;
  return std::nullopt;
}

/// @returns the parameter of that name if its values have names.
const parameter* named_choice(const std::string& feature,
                              std::string_view name) {
  auto entry = find_feature(feature);
  if (entry == nullptr)
    return nullptr;
  for (const auto& rule : entry->parameters)
    if (rule.name == name && !rule.choices.empty())
      return &rule;
  return nullptr;
}

std::optional<fault> read_member(const std::string& place,
                                 const json_member& member,
                                 feature_request& into) {
  const auto& [key, value] = member;
  auto where = place + "." + key;
  if (key == "feature")
    return std::nullopt;
  if (key == "name") {
    if (value.kind != json_kind::text)
      return expected(where, "a name", value);
    into.name = value.text;
    return std::nullopt;
  }
  if (key == "of")
    return read_first_input(where, value, into);
  if (key == "inputs")
    return read_inputs(where, value, into);
  if (auto rule = named_choice(into.feature, key);
      rule != nullptr && value.kind == json_kind::text) {
    auto choice = choice_of(place, *rule, value.text);
    if (!choice)
      return choice.error();
    into.parameters[key] = *choice;
    return std::nullopt;
  }
  auto number = value.kind == json_kind::number ? number_of(value.text)
                                                : std::nullopt;
  if (!number)
    return expected(where, "a number", value);
  into.parameters[key] = *number;
  return std::nullopt;
}

fallible<feature_request> read_request(const std::string& place,
                                       const json_value& json) {
  if (json.kind != json_kind::object)
    return expected(place, "an object such as {\"feature\": \"sma\"}", json);
  auto feature = json.find("feature");
  if (feature == nullptr)
    return fault{place
                 + ".feature: expected the name of a feature, found none"};
  if (feature->kind != json_kind::text)
    return expected(place + ".feature", "the name of a feature", *feature);
  feature_request result{feature->text, {}, {}, {}};
  for (const auto& member : json.children)
    if (auto problem = read_member(place, member, result))
      return *problem;
  return result;
}

/// @returns `, "KEY": VALUE`.
std::string member_json(std::string_view key, const std::string& value) {
  return ", " + json_text(key) + ": " + value;
}

std::string value_json(const feature_request& x, const std::string& name,
                       double value) {
  auto rule = named_choice(x.feature, name);
  auto is_choice = rule != nullptr && value >= 0
                   && value < static_cast<double>(rule->choices.size())
                   && value == std::floor(value);
  return is_choice ? json_text(parameter_text(*rule, value))
                   : exact_number_text(value);
}

std::string request_json(const feature_request& x) {
  auto result = "{\"feature\": " + json_text(x.feature);
  if (!x.name.empty())
    result += member_json("name", json_text(x.name));
  if (!x.inputs.empty()) {
    std::string inputs;
    for (const auto& [input, from] : x.inputs)
      inputs += (inputs.empty() ? "{" : ", ") + json_text(input) + ": "
                + json_text(from);
    result += member_json("inputs", inputs + "}");
  }
  for (const auto& [name, value] : x.parameters)
    result += member_json(name, value_json(x, name, value));
  return result + "}";
}

} // namespace

fallible<std::vector<feature_request>>
read_feature_requests(const std::string& place, const json_value& json) {
  if (json.kind != json_kind::array)
    return expected(place, "a list", json);
  if (json.children.empty())
    return fault{place + ": expected at least one"};
  std::vector<feature_request> result;
  for (size_t i = 0; i < json.children.size(); ++i) {
    auto request = read_request(place + "[" + std::to_string(i) + "]",
                                json.children[i].value);
    if (!request)
      return request.error();
    result.push_back(std::move(*request));
  }
  return result;
}

std::string feature_requests_json(const std::vector<feature_request>& list,
                                  const std::string& indent) {
  std::string result;
  for (const auto& x : list)
    result += (result.empty() ? "[" : ",") + ("\n" + indent + "  ")
              + request_json(x);
  return result.empty() ? "[]" : result + "\n" + indent + "]";
}

} // namespace qalpha
