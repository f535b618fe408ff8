#include "models/machine/parameter.hpp"

#include "models/machine/nearest_name.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace qalpha {

namespace {

/// @returns the rule that `value` breaks, in positive words; empty if none.
std::string broken_rule(const parameter& rule, double value) {
  // Written so that NaN fails.
  auto inside = value >= rule.lowest && value <= rule.highest;
  if (!inside)
    return "must be " + parameter_text(rule.lowest) + " to "
           + parameter_text(rule.highest);
  if (rule.whole && value != std::floor(value))
    return "must be a whole number";
  return {};
}

} // namespace

std::string parameter_text(double x) {
  std::array<char, 32> buffer;
  auto length = std::snprintf(buffer.data(), buffer.size(), "%g", x);
  return {buffer.data(), static_cast<size_t>(length)};
}

std::string parameter_text(const parameter& rule, double x) {
  return rule.choices.empty()
           ? parameter_text(x)
           : std::string{rule.choices[static_cast<size_t>(x)]};
}

fallible<double> choice_of(const std::string& owner, const parameter& rule,
                           std::string_view name) {
  auto what = owner + ": " + std::string{rule.name};
  if (rule.choices.empty())
    return fault{what + " must be a number, was \"" + std::string{name} + "\""};
  auto at = std::find(rule.choices.begin(), rule.choices.end(), name);
  if (at == rule.choices.end())
    return unknown_name(what, name, rule.choices);
  return static_cast<double>(at - rule.choices.begin());
}

fault unknown_name(const std::string& what, std::string_view wrong,
                   std::span<const std::string_view> known) {
  auto text = what + " \"" + std::string{wrong} + "\" is not known";
  if (auto guess = nearest_name(wrong, known))
    return {text + ", did you mean \"" + std::string{*guess} + "\"?"};
  if (known.empty())
    return {text + ", there are none"};
  text += ", known are";
  for (auto name : known)
    text += (name == known.front() ? " " : ", ") + std::string{name};
  return {text};
}

fallible<std::vector<double>>
resolve_parameters(const std::string& owner, std::span<const parameter> rules,
                   const std::map<std::string, double>& given) {
  std::vector<double> result;
  std::vector<std::string_view> names;
  for (const auto& rule : rules) {
    result.push_back(rule.default_value);
    names.push_back(rule.name);
  }
  for (const auto& [name, value] : given) {
    auto at = std::find(names.begin(), names.end(), name) - names.begin();
    auto index = static_cast<size_t>(at);
    if (index == names.size())
      return unknown_name(owner + ": parameter", name, names);
    auto wrong = broken_rule(rules[index], value);
    if (!wrong.empty())
      return fault{owner + ": " + name + " " + wrong + ", was "
                   + parameter_text(value)};
    result[index] = value;
  }
  return result;
}

} // namespace qalpha
