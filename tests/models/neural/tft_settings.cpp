#define CAF_SUITE neural.tft_settings

#include "models/neural/tft/tft_settings.hpp"

#include <caf/test/unit_test.hpp>

#include <functional>
#include <limits>

using namespace qalpha;

namespace {

tft_settings good() {
  return {.static_categories = {3}, .known_values = 2, .observed_values = 4};
}

} // namespace

CAF_TEST(settings_that_fit_have_no_problem) {
  CAF_CHECK(!find_problem(good()));
  CAF_CHECK_EQUAL(good().static_variables(), 1);
  CAF_CHECK_EQUAL(good().known_variables(), 2);
  CAF_CHECK_EQUAL(good().past_variables(), 6);
}

CAF_TEST(a_problem_names_the_field) {
  struct row {
    std::string field;
    std::function<void(tft_settings&)> spoil;
  };
  auto nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<row> rows{
    {"static_categories", [](auto& x) { x.static_categories.clear(); }},
    {"static_categories[0]", [](auto& x) { x.static_categories = {0}; }},
    {"static_categories", [](auto& x) { x.static_categories.resize(2'000); }},
    {"static_values", [](auto& x) { x.static_values = -1; }},
    {"known_categories[1]",
     [](auto& x) {
       x.known_categories = {1, 70'000};
     }},
    {"known_values", [](auto& x) { x.known_values = 0; }},
    {"known_values", [](auto& x) { x.known_values = 2'000; }},
    {"observed_categories[0]", [](auto& x) { x.observed_categories = {-3}; }},
    {"observed_values", [](auto& x) { x.observed_values = -1; }},
    {"targets", [](auto& x) { x.targets = -1; }},
    {"hidden", [](auto& x) { x.hidden = 1; }},
    {"hidden", [](auto& x) { x.hidden = 1 << 20; }},
    {"heads", [](auto& x) { x.heads = 0; }},
    {"heads", [](auto& x) { x.heads = 5; }},
    {"lookback", [](auto& x) { x.lookback = 0; }},
    {"horizon", [](auto& x) { x.horizon = 5'000; }},
    {"levels", [](auto& x) { x.levels.clear(); }},
    {"levels",
     [](auto& x) {
       x.levels = {0.5, 0.5};
     }},
    {"levels",
     [](auto& x) {
       x.levels = {0.5, 1};
     }},
    {"levels", [=](auto& x) { x.levels = {nan}; }},
    {"dropout", [](auto& x) { x.dropout = 1; }},
    {"dropout", [=](auto& x) { x.dropout = nan; }},
    {"norm_epsilon", [](auto& x) { x.norm_epsilon = 0; }},
  };
  for (const auto& [field, spoil] : rows) {
    auto settings = good();
    spoil(settings);
    auto problem = find_problem(settings);
    CAF_REQUIRE(problem);
    CAF_MESSAGE(problem->text);
    CAF_CHECK_EQUAL(problem->text.substr(0, field.size() + 1), field + ":");
  }
}
