#define CAF_SUITE catalogue

#include "models/strategies/symbol_strategy.hpp"

#include <caf/test/unit_test.hpp>

#include <limits>

using namespace qalpha;

namespace {

std::string fault_of(strategy_choice which) {
  auto result = make_strategy(which);
  return result ? "none" : result.error().text;
}

} // namespace

CAF_TEST(every_strategy_can_be_made_with_defaults) {
  for (const auto& entry : strategy_catalogue()) {
    auto made = make_strategy({std::string{entry.name}, {}});
    CAF_REQUIRE(made);
    CAF_CHECK(plan_of({std::string{entry.name}, {}}, std::chrono::hours{1}));
    CAF_CHECK(!(*made)->reason().empty());
    for (const auto& rule : entry.parameters)
      CAF_CHECK(rule.default_value >= rule.lowest
                && rule.default_value <= rule.highest);
  }
}

CAF_TEST(unknown_strategies_get_a_guess) {
  CAF_CHECK_EQUAL(fault_of({"sma_cros", {}}),
                  "strategy \"sma_cros\" is not known, did you mean "
                  "\"sma_cross\"?");
  CAF_CHECK_EQUAL(fault_of({"martingale", {}}),
                  "strategy \"martingale\" is not known, known are "
                  "bollinger_reversion, buy_and_hold, donchian_breakout, "
                  "order_flow_momentum, sma_cross, trinity");
}

CAF_TEST(unknown_parameters_get_a_guess) {
  CAF_CHECK_EQUAL(fault_of({"sma_cross", {{"fats", 10}}}),
                  "sma_cross: parameter \"fats\" is not known, did you mean "
                  "\"fast\"?");
  CAF_CHECK_EQUAL(fault_of({"donchian_breakout", {{"window", 10}}}),
                  "donchian_breakout: parameter \"window\" is not known, known "
                  "are entry, exit, short");
  CAF_CHECK_EQUAL(fault_of({"buy_and_hold", {{"fast", 10}}}),
                  "buy_and_hold: parameter \"fast\" is not known, there are "
                  "none");
}

CAF_TEST(parameters_are_checked) {
  CAF_CHECK_EQUAL(fault_of({"sma_cross", {{"fast", 0}}}),
                  "sma_cross: fast must be 1 to 100000, was 0");
  CAF_CHECK_EQUAL(fault_of({"sma_cross", {{"fast", 2.5}}}),
                  "sma_cross: fast must be a whole number, was 2.5");
  CAF_CHECK_EQUAL(
    fault_of(
      {"sma_cross", {{"slow", std::numeric_limits<double>::quiet_NaN()}}}),
    "sma_cross: slow must be 2 to 100000, was nan");
  CAF_CHECK_EQUAL(fault_of({"sma_cross", {{"short", 2}}}),
                  "sma_cross: short must be 0 to 1, was 2");
  CAF_CHECK_EQUAL(fault_of({"sma_cross", {{"fast", 100}}}),
                  "sma_cross: fast must be less than slow, was 100 and 100");
  CAF_CHECK_EQUAL(fault_of({"bollinger_reversion", {{"deviations", 2.5}}}),
                  "none");
}
