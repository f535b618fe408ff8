#include "runtime/features/wanted_features.hpp"

#include "models/features/catalogue.hpp"
#include "models/features/feature_request_text.hpp"
#include "models/machine/number_text.hpp"
#include "models/strategies/catalogue.hpp"
#include "runtime/config/units.hpp"
#include "runtime/storage/csv_field.hpp"

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
  auto read_list = [&](const json_value& list) -> std::optional<fault> {
    auto requests = read_feature_requests("features", list);
    if (!requests)
      return requests.error();
    result.requests = std::move(*requests);
    return std::nullopt;
  };
  if (json.kind == json_kind::array) {
    if (auto problem = read_list(json))
      return *problem;
    return result;
  }
  if (json.kind != json_kind::object)
    return fault{"expected an object or a list of features, found "
                 + describe(json)};
  for (const auto& [key, value] : json.children) {
    if (key == "features") {
      if (auto problem = read_list(value))
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
