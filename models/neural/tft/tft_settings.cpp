#include "models/neural/tft/tft_settings.hpp"

#include <cmath>
#include <string>

namespace qalpha {

namespace {

int64_t count(const std::vector<int64_t>& categories, int64_t values) {
  return static_cast<int64_t>(categories.size()) + values;
}

std::optional<fault> out_of_range(const char* field, int64_t low, int64_t high,
                                  int64_t found) {
  if (found >= low && found <= high)
    return std::nullopt;
  return fault{std::string{field} + ": expected " + std::to_string(low) + " to "
               + std::to_string(high) + ", found " + std::to_string(found)};
}

std::optional<fault> find_problem(const char* field,
                                  const std::vector<int64_t>& categories) {
  auto name = std::string{field};
  if (auto problem = out_of_range(field, 0, most_tft_variables,
                                  static_cast<int64_t>(categories.size())))
    return problem;
  for (size_t i = 0; i < categories.size(); ++i)
    if (auto problem
        = out_of_range((name + "[" + std::to_string(i) + "]").c_str(), 1,
                       most_tft_classes, categories[i]))
      return problem;
  return std::nullopt;
}

std::optional<fault> find_problem_in_variables(const tft_settings& x) {
  if (auto problem = find_problem("static_categories", x.static_categories))
    return problem;
  if (auto problem = find_problem("known_categories", x.known_categories))
    return problem;
  if (auto problem = find_problem("observed_categories", x.observed_categories))
    return problem;
  if (auto problem = out_of_range("static_values", 0, most_tft_variables,
                                  x.static_values))
    return problem;
  if (auto problem = out_of_range("known_values", 0, most_tft_variables,
                                  x.known_values))
    return problem;
  if (auto problem = out_of_range("observed_values", 0, most_tft_variables,
                                  x.observed_values))
    return problem;
  if (auto problem = out_of_range("targets", 0, most_tft_variables, x.targets))
    return problem;
  if (x.static_variables() == 0)
    return fault{"static_categories: expected a static variable, found none"};
  if (x.known_variables() == 0)
    return fault{"known_values: expected a known variable, found none"};
  return std::nullopt;
}

std::optional<fault> find_problem_in_levels(const std::vector<double>& levels) {
  if (levels.empty() || levels.size() > most_tft_levels)
    return fault{"levels: expected 1 to " + std::to_string(most_tft_levels)
                 + " levels, found " + std::to_string(levels.size())};
  auto before = 0.0;
  for (auto level : levels) {
    if (!(level > before && level < 1))
      return fault{"levels: expected rising levels between 0 and 1, found "
                   + std::to_string(level) + " after "
                   + std::to_string(before)};
    before = level;
  }
  return std::nullopt;
}

} // namespace

int64_t tft_settings::static_variables() const noexcept {
  return count(static_categories, static_values);
}

int64_t tft_settings::known_variables() const noexcept {
  return count(known_categories, known_values);
}

int64_t tft_settings::past_variables() const noexcept {
  return count(observed_categories, observed_values) + known_variables()
         + targets;
}

std::optional<fault> find_problem(const tft_settings& x) {
  if (auto problem = find_problem_in_variables(x))
    return problem;
  if (auto problem = out_of_range("hidden", 2, most_tft_hidden, x.hidden))
    return problem;
  if (auto problem = out_of_range("heads", 1, x.hidden, x.heads))
    return problem;
  if (x.hidden % x.heads != 0)
    return fault{"heads: expected a divisor of hidden ("
                 + std::to_string(x.hidden) + "), found "
                 + std::to_string(x.heads)};
  if (auto problem = out_of_range("lookback", 1, most_tft_steps, x.lookback))
    return problem;
  if (auto problem = out_of_range("horizon", 1, most_tft_steps, x.horizon))
    return problem;
  if (auto problem = find_problem_in_levels(x.levels))
    return problem;
  if (!(x.dropout >= 0 && x.dropout < 1))
    return fault{"dropout: expected 0 to below 1, found "
                 + std::to_string(x.dropout)};
  if (!(x.norm_epsilon > 0 && x.norm_epsilon < 1))
    return fault{"norm_epsilon: expected a number between 0 and 1, found "
                 + std::to_string(x.norm_epsilon)};
  return std::nullopt;
}

} // namespace qalpha
