#include "runtime/cli/features_table.hpp"

#include "models/machine/nearest_name.hpp"
#include "runtime/config/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace qalpha {

namespace {

using column = std::vector<std::optional<double>>;

constexpr size_t largest_length = 1'000'000;

/// Correctly rounded, which a product with 1e-8 would not be.
double to_double(price px) {
  return static_cast<double>(px.ticks) / 1e8;
}

/// @returns the mean of `count` prices with this sum.
double mean(__int128 sum, size_t count) {
  return static_cast<double>(sum) / (static_cast<double>(count) * 1e8);
}

/// Exponential mean of closes, seeded with the simple mean of the first ones.
column ema(std::span<const bar> bars, size_t length) {
  column result(bars.size());
  auto weight = 2.0 / (static_cast<double>(length) + 1.0);
  __int128 sum = 0;
  double value = 0;
  for (size_t i = 0; i < bars.size(); ++i) {
    if (i < length)
      sum += bars[i].close.ticks;
    if (i + 1 < length)
      continue;
    auto close = to_double(bars[i].close);
    if (i + 1 == length)
      value = mean(sum, length);
    else
      value += weight * (close - value);
    result[i] = value;
  }
  return result;
}

/// The sum is exact, so that no error builds up over a long file.
column sma(std::span<const bar> bars, size_t length) {
  column result(bars.size());
  __int128 sum = 0;
  for (size_t i = 0; i < bars.size(); ++i) {
    sum += bars[i].close.ticks;
    if (i >= length)
      sum -= bars[i - length].close.ticks;
    if (i + 1 >= length)
      result[i] = mean(sum, length);
  }
  return result;
}

/// Extreme of the last `length` values of `field` in linear time: `candidates`
/// holds the bars that can still become the extreme, best first.
template <class Better>
column extreme(std::span<const bar> bars, size_t length, price bar::*field,
               Better better) {
  column result(bars.size());
  std::vector<size_t> candidates;
  size_t front = 0;
  for (size_t i = 0; i < bars.size(); ++i) {
    while (candidates.size() > front
           && !better(bars[candidates.back()].*field, bars[i].*field))
      candidates.pop_back();
    candidates.push_back(i);
    if (candidates[front] + length <= i)
      ++front;
    if (i + 1 >= length)
      result[i] = to_double(bars[candidates[front]].*field);
  }
  return result;
}

column highest(std::span<const bar> bars, size_t length) {
  return extreme(bars, length, &bar::high, std::greater{});
}

column lowest(std::span<const bar> bars, size_t length) {
  return extreme(bars, length, &bar::low, std::less{});
}

column returns(std::span<const bar> bars, size_t length) {
  column result(bars.size());
  for (size_t i = length; i < bars.size(); ++i)
    result[i] = static_cast<double>(bars[i].close.ticks)
                  / static_cast<double>(bars[i - length].close.ticks)
                - 1.0;
  return result;
}

constexpr std::array features{
  bar_feature{"ema", "exponential mean of N closes, seeded with their mean",
              ema},
  bar_feature{"highest", "highest high of N bars", highest},
  bar_feature{"lowest", "lowest low of N bars", lowest},
  bar_feature{"returns", "close over the close N bars before, minus one",
              returns},
  bar_feature{"sma", "simple mean of N closes", sma},
};

fallible<feature_choice> parse_feature(std::string_view text) {
  auto colon = text.find(':');
  auto name = text.substr(0, colon);
  feature_choice result;
  std::vector<std::string_view> names;
  for (const auto& entry : features) {
    names.push_back(entry.name);
    if (entry.name == name)
      result.feature = &entry;
  }
  if (!result.feature) {
    auto guess = nearest_name(name, names);
    return fault{"--spec " + quoted_text(text) + ": unknown feature"
                 + (guess ? ", did you mean " + std::string{*guess} + "?"
                          : "; see --list")};
  }
  auto digits = colon == std::string_view::npos ? std::string_view{}
                                                : text.substr(colon + 1);
  auto end = digits.data() + digits.size();
  auto [rest, code] = std::from_chars(digits.data(), end, result.length);
  if (code != std::errc{} || rest != end || result.length == 0
      || result.length > largest_length)
    return fault{"--spec " + quoted_text(text)
                 + ": expected NAME:N with N "
                   "from 1 to 1000000, such as \""
                 + std::string{name} + ":20\""};
  return result;
}

} // namespace

std::span<const bar_feature> bar_features() {
  return features;
}

std::string feature_choice::column() const {
  return std::string{feature->name} + "_" + std::to_string(length);
}

fallible<std::vector<feature_choice>> parse_features(std::string_view spec) {
  std::vector<feature_choice> result;
  for (;;) {
    auto comma = spec.find(',');
    auto choice = parse_feature(spec.substr(0, comma));
    if (!choice)
      return choice.error();
    result.push_back(*choice);
    if (comma == std::string_view::npos)
      return result;
    spec.remove_prefix(comma + 1);
  }
}

} // namespace qalpha
