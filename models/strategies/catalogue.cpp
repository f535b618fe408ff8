#include "models/strategies/catalogue.hpp"

#include "models/machine/nearest_name.hpp"
#include "models/strategies/bollinger_reversion.hpp"
#include "models/strategies/buy_and_hold.hpp"
#include "models/strategies/donchian_breakout.hpp"
#include "models/strategies/sma_cross.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace qalpha {

namespace {

using maker
  = fallible<std::unique_ptr<strategy>> (*)(std::span<const double> values);

// The list to extend: entries sorted by name, and how each is built.

constexpr std::array entries{
  bollinger_reversion_entry,
  buy_and_hold_entry,
  donchian_breakout_entry,
  sma_cross_entry,
};

constexpr std::array<maker, entries.size()> makers{
  make_bollinger_reversion,
  make_buy_and_hold,
  make_donchian_breakout,
  make_sma_cross,
};

static_assert(std::is_sorted(entries.begin(), entries.end(),
                             [](const auto& a, const auto& b) {
                               return a.name < b.name;
                             }));

/// @returns a number as a person would write it.
std::string text_of(double x) {
  std::array<char, 32> buffer;
  auto length = std::snprintf(buffer.data(), buffer.size(), "%g", x);
  return {buffer.data(), static_cast<size_t>(length)};
}

template <class Named>
fault unknown_name(const std::string& what, std::string_view wrong,
                   std::span<const Named> known) {
  std::vector<std::string_view> names;
  for (const auto& x : known)
    names.push_back(x.name);
  auto text = what + " \"" + std::string{wrong} + "\" is not known";
  if (auto guess = nearest_name(wrong, names))
    return {text + ", did you mean \"" + std::string{*guess} + "\"?"};
  if (names.empty())
    return {text + ", there are none"};
  text += ", known are";
  for (auto name : names)
    text += (name == names.front() ? " " : ", ") + std::string{name};
  return {text};
}

/// @returns the rule that `value` breaks, in positive words; empty if none.
std::string broken_rule(const strategy_parameter& rule, double value) {
  // Written so that NaN fails.
  auto inside = value >= rule.lowest && value <= rule.highest;
  if (!inside)
    return "must be " + text_of(rule.lowest) + " to " + text_of(rule.highest);
  if (rule.whole && value != std::floor(value))
    return "must be a whole number";
  return {};
}

/// @returns one value per parameter, the default where none is given.
fallible<std::vector<double>> resolve(const strategy_entry& entry,
                                      const strategy_choice& which) {
  std::vector<double> result;
  for (const auto& rule : entry.parameters)
    result.push_back(rule.default_value);
  for (const auto& [name, value] : which.parameters) {
    auto match = [&name = name](const auto& rule) { return rule.name == name; };
    auto rule = std::find_if(entry.parameters.begin(), entry.parameters.end(),
                             match);
    if (rule == entry.parameters.end())
      return unknown_name(which.name + ": parameter", name, entry.parameters);
    auto wrong = broken_rule(*rule, value);
    if (!wrong.empty())
      return fault{which.name + ": " + name + " " + wrong + ", was "
                   + text_of(value)};
    result[static_cast<size_t>(rule - entry.parameters.begin())] = value;
  }
  return result;
}

} // namespace

std::span<const strategy_entry> strategy_catalogue() {
  return entries;
}

fallible<std::unique_ptr<strategy>>
make_strategy(const strategy_choice& which) {
  auto match = [&](const auto& entry) { return entry.name == which.name; };
  auto entry = std::find_if(entries.begin(), entries.end(), match);
  if (entry == entries.end())
    return unknown_name("strategy", which.name, strategy_catalogue());
  auto values = resolve(*entry, which);
  if (!values)
    return values.error();
  return makers[static_cast<size_t>(entry - entries.begin())](*values);
}

} // namespace qalpha
