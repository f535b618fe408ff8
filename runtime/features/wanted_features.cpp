#include "runtime/features/wanted_features.hpp"

#include "models/features/catalogue.hpp"
#include "models/strategies/catalogue.hpp"
#include "runtime/config/units.hpp"
#include "runtime/storage/csv_field.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>

namespace qalpha {

namespace {

fault expected(const std::string& place, const std::string& what,
               const json_value& found) {
  return {place + ": expected " + what + ", found " + describe(found)};
}

std::optional<double> number_of(std::string_view text) {
  double result = 0;
  auto end = text.data() + text.size();
  auto [at, code] = std::from_chars(text.data(), end, result);
  if (text.empty() || code != std::errc{} || at != end)
    return std::nullopt;
  return result;
}

// -- JSON
// -----------------------------------------------------------------------

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

std::optional<fault> read_list(const json_value& json, wanted_features& into) {
  if (json.kind != json_kind::array)
    return expected("features", "a list", json);
  if (json.children.empty())
    return fault{"features: expected at least one"};
  for (size_t i = 0; i < json.children.size(); ++i) {
    auto request = read_request("features[" + std::to_string(i) + "]",
                                json.children[i].value);
    if (!request)
      return request.error();
    into.requests.push_back(std::move(*request));
  }
  return std::nullopt;
}

// -- short text
// -----------------------------------------------------------------

/// Reads NAME:VALUE:... of any catalogue.
/// @param kind what a name stands for, `option` what it stood behind
template <class Catalogue>
fallible<std::map<std::string, double>>
read_values(const std::string& option, const std::string& kind,
            std::string_view text, const Catalogue& catalogue) {
  auto fail = [&](const std::string& why) {
    return fault{option + " " + quoted_text(text) + ": " + why};
  };
  auto colon = text.find(':');
  auto name = text.substr(0, colon);
  std::span<const parameter> rules;
  std::vector<std::string_view> names;
  auto found = false;
  for (const auto& entry : catalogue) {
    names.push_back(entry.name);
    if (entry.name == name) {
      rules = entry.parameters;
      found = true;
    }
  }
  if (!found)
    return fail(unknown_name(kind, name, names).text);
  std::map<std::string, double> result;
  for (size_t i = 0; colon != text.npos; ++i) {
    auto next = text.find(':', colon + 1);
    auto digits = text.substr(colon + 1, next - colon - 1);
    colon = next;
    if (i == rules.size())
      return fail("expected at most " + std::to_string(i) + " parameters");
    if (!rules[i].choices.empty()) {
      auto choice = choice_of(std::string{name}, rules[i], digits);
      if (!choice)
        return fail(choice.error().text);
      result[std::string{rules[i].name}] = *choice;
      continue;
    }
    auto number = number_of(digits);
    if (!number)
      return fail("expected a number for " + std::string{rules[i].name}
                  + ", found " + quoted_text(digits));
    result[std::string{rules[i].name}] = *number;
  }
  return result;
}

fallible<feature_request> read_short(std::string_view text) {
  auto values = read_values("--spec", "feature", text, feature_catalogue());
  if (!values)
    return values.error();
  return feature_request{
    std::string{text.substr(0, text.find(':'))}, {}, {}, std::move(*values)};
}

fallible<wanted_features> read_json_text(const std::string& text) {
  auto json = parse_json(text);
  if (!json)
    return json.error();
  return parse_wanted_features(*json);
}

fallible<wanted_features> read_json_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  if (!in)
    return fault{path + ": cannot be read"};
  auto result = read_json_text(text.str());
  if (!result)
    return fault{path + ": " + result.error().text};
  return result;
}

} // namespace

fallible<wanted_features> parse_wanted_features(const json_value& json) {
  wanted_features result;
  if (json.kind == json_kind::array) {
    if (auto problem = read_list(json, result))
      return *problem;
    return result;
  }
  if (json.kind != json_kind::object)
    return fault{"expected an object or a list of features, found "
                 + describe(json)};
  for (const auto& [key, value] : json.children) {
    if (key == "features") {
      if (auto problem = read_list(value, result))
        return *problem;
    } else if (key == "interval") {
      auto interval = parse_timespan(value.text);
      if (value.kind != json_kind::text || !interval || interval->count() <= 0)
        return expected(key, "a duration such as \"1h\"", value);
      result.interval = *interval;
    } else {
      return unknown_name(
        "key", key, std::vector<std::string_view>{"features", "interval"});
    }
  }
  return result;
}

fallible<wanted_features> read_wanted_features(const std::string& text) {
  auto begin = text.find_first_not_of(" \t\r\n");
  if (begin != text.npos && text[begin] == '{')
    return read_json_text(text);
  std::error_code code;
  if (text.ends_with(".json") || std::filesystem::is_regular_file(text, code))
    return read_json_file(text);
  wanted_features result;
  std::optional<fault> problem;
  for_each_field(text, [&](std::string_view field) {
    auto request = read_short(field);
    if (!request && !problem)
      problem = request.error();
    else if (request)
      result.requests.push_back(std::move(*request));
  });
  if (problem)
    return *problem;
  return result;
}

fallible<wanted_features> features_of_strategy(std::string_view text) {
  auto values = read_values("--strategy", "strategy", text,
                            strategy_catalogue());
  if (!values)
    return values.error();
  auto made = make_strategy(
    {std::string{text.substr(0, text.find(':'))}, std::move(*values)});
  if (!made)
    return fault{"--strategy: " + made.error().text};
  return wanted_features{std::nullopt, (*made)->features()};
}

} // namespace qalpha
