#define CAF_SUITE trinity

#include "models/strategies/trinity.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace qalpha;

namespace {

struct fixture {
  std::unique_ptr<strategy> aut;
  outlook said;

  fixture() {
    use({});
    // A market that moves half a percent a bar.
    range(0.5);
    said.asked.set(place_of(model_role::forecaster));
    forecast({-0.01, 0.004, 0.018});
  }

  void use(std::map<std::string, double> parameters) {
    auto made = make_strategy({"trinity", std::move(parameters)});
    CAF_REQUIRE(made);
    aut = std::move(*made);
    range(0.5);
  }

  void range(double natr) {
    aut->on_bar(bar{}, std::vector{natr});
  }

  void next_bar(int64_t high, int64_t low, int64_t close) {
    aut->on_bar(
      {.open = {close}, .high = {high}, .low = {low}, .close = {close}},
      std::vector{0.5});
  }

  void forecast(std::vector<double> row) {
    said.forecast = forecast_made{.symbol = {},
                                  .time = {},
                                  .levels = {0.1, 0.5, 0.9},
                                  .quantiles = std::move(row),
                                  .because = {{"rsi", 0.4}}};
  }

  void market(regime which, double novelty = 0.5) {
    said.asked.set(place_of(model_role::regimes));
    said.market = regime_observed{
      .symbol = {}, .time = {}, .current = which, .novelty = novelty};
  }

  void advice(double position, double size = 1, double stop = 0,
              double take_profit = 0) {
    said.asked.set(place_of(model_role::policy));
    said.advice = policy_advised{{}, {}, position, size, stop, take_profit};
  }

  int32_t wanted() {
    auto result = aut->on_outlook(said);
    CAF_REQUIRE(result);
    return result->bps;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(trinity_tests, fixture)

CAF_TEST(a_bar_alone_is_no_opinion) {
  CAF_CHECK(aut->listens());
  CAF_CHECK(!aut->on_bar(bar{}, std::vector{0.5}));
}

CAF_TEST(the_sign_is_that_of_the_distribution) {
  auto up = wanted();
  forecast({-0.018, -0.004, 0.01});
  auto down = wanted();
  CAF_CHECK(up > 0);
  CAF_CHECK(down < 0);
}

CAF_TEST(costs_take_small_edges_away) {
  use({{"cost_bps", 100}});
  CAF_CHECK_EQUAL(wanted(), 0);
}

CAF_TEST(regimes_scale_the_position) {
  auto plain = wanted();
  market(regime::bull);
  CAF_CHECK_EQUAL(wanted(), plain);
  market(regime::bear);
  CAF_CHECK_EQUAL(wanted(), plain);
  market(regime::sideways);
  CAF_CHECK(std::abs(wanted() - 0.7 * plain) <= 100);
  market(regime::high_volatility);
  CAF_CHECK(std::abs(wanted() - 0.4 * plain) <= 100);
  market(regime::bull, 1.5);
  CAF_CHECK(std::abs(wanted() - 0.3 * plain) <= 100);
  said.market.reset();
  CAF_CHECK(std::abs(wanted() - 0.3 * plain) <= 100);
}

CAF_TEST(a_policy_that_disagrees_takes_exposure_away) {
  auto plain = wanted();
  advice(1);
  auto agreed = wanted();
  advice(-0.2);
  CAF_CHECK(agreed > 0 && agreed <= plain);
  CAF_CHECK_EQUAL(wanted(), 0);
  said.advice.reset();
  CAF_CHECK(std::abs(wanted() - 0.5 * plain) <= 100);
}

CAF_TEST(a_policy_that_is_not_sure_takes_exposure_away) {
  advice(1);
  auto whole = wanted();
  advice(1, 0.25);
  CAF_CHECK(std::abs(wanted() - 0.25 * whole) <= 100);
  advice(1, 0);
  CAF_CHECK_EQUAL(wanted(), 0);
  CAF_MESSAGE("a size that is none is that of a silent policy");
  advice(1, std::numeric_limits<double>::quiet_NaN());
  auto doubtful = wanted();
  said.advice.reset();
  CAF_CHECK_EQUAL(doubtful, wanted());
}

CAF_TEST(a_stop_that_was_crossed_closes_the_position_until_it_is_not_wanted) {
  next_bar(1'000, 1'000, 1'000);
  advice(1, 1, 0.02, 0.05);
  CAF_CHECK(wanted() > 0);
  CAF_MESSAGE("what the policy wants later is not what it was entered with");
  advice(1, 1, 0.001, 0.001);
  next_bar(1'010, 981, 1'005);
  CAF_CHECK(wanted() > 0);
  next_bar(1'010, 980, 1'005);
  CAF_CHECK_EQUAL(wanted(), 0);
  CAF_CHECK(aut->reason().find("left by its stop and waiting")
            != std::string::npos);
  CAF_MESSAGE("still wanted: still out, even while the forecaster is silent");
  next_bar(1'010, 1'000, 1'005);
  CAF_CHECK_EQUAL(wanted(), 0);
  auto forecast_then = said.forecast;
  said.forecast.reset();
  CAF_CHECK_EQUAL(wanted(), 0);
  said.forecast = forecast_then;
  CAF_MESSAGE("the policy changes its mind, and once more");
  advice(-1);
  CAF_CHECK_EQUAL(wanted(), 0);
  advice(1, 1, 0.02);
  CAF_CHECK(wanted() > 0);
  CAF_CHECK(aut->reason().find("waiting") == std::string::npos);
}

CAF_TEST(a_take_profit_of_a_short_side_is_below_its_entry) {
  forecast({-0.018, -0.004, 0.01});
  next_bar(1'000, 1'000, 1'000);
  advice(-1, 1, 0.02, 0.05);
  CAF_CHECK(wanted() < 0);
  next_bar(1'019, 951, 1'000);
  CAF_CHECK(wanted() < 0);
  next_bar(1'019, 950, 1'000);
  CAF_CHECK_EQUAL(wanted(), 0);
  CAF_CHECK(aut->reason().find("left by its take profit") != std::string::npos);
}

CAF_TEST(an_exit_needs_no_forecast) {
  next_bar(1'000, 1'000, 1'000);
  advice(1, 1, 0.02);
  CAF_CHECK(wanted() > 0);
  said.forecast.reset();
  next_bar(1'010, 990, 1'005);
  CAF_CHECK(!aut->on_outlook(said));
  next_bar(1'010, 970, 1'005);
  CAF_CHECK_EQUAL(wanted(), 0);
}

CAF_TEST(a_silent_forecaster_is_no_opinion_and_then_the_way_out) {
  use({{"patience", 3}});
  CAF_CHECK(wanted() != 0);
  said.forecast.reset();
  CAF_CHECK(!aut->on_outlook(said));
  CAF_CHECK(!aut->on_outlook(said));
  CAF_CHECK_EQUAL(wanted(), 0);
  CAF_CHECK_EQUAL(wanted(), 0);
  forecast({-0.01, 0.004, 0.018});
  CAF_CHECK(wanted() != 0);
  said.forecast.reset();
  CAF_CHECK(!aut->on_outlook(said));
}

CAF_TEST(numbers_that_are_none_are_no_forecast) {
  auto nan = std::numeric_limits<double>::quiet_NaN();
  forecast({-0.01, nan, 0.018});
  CAF_CHECK(!aut->on_outlook(said));
  forecast({-0.01, 0.018});
  CAF_CHECK(!aut->on_outlook(said));
  forecast({});
  CAF_CHECK(!aut->on_outlook(said));
  CAF_MESSAGE("nor is there one without a measure of risk");
  forecast({-0.01, 0.004, 0.018});
  range(nan);
  CAF_CHECK(!aut->on_outlook(said));
  range(0);
  CAF_CHECK(!aut->on_outlook(said));
}

CAF_TEST(returns_that_nobody_would_believe_are_no_forecast) {
  forecast({-0.01, 0.004, 2.5});
  CAF_CHECK(!aut->on_outlook(said));
  forecast({-1'000, 0.004, 0.018});
  CAF_CHECK(!aut->on_outlook(said));
  forecast({0.004, 0.018, 1'000});
  CAF_CHECK(!aut->on_outlook(said));
}

CAF_TEST(a_wild_market_bounds_the_position) {
  forecast({0.01, 0.02, 0.03});
  auto calm = wanted();
  CAF_CHECK_EQUAL(calm, 10'000);
  range(5);
  CAF_MESSAGE("three ranges are 15 %, of which 2 % may be lost");
  CAF_CHECK_EQUAL(wanted(), 1'300);
}

CAF_TEST(the_horizon_can_be_chosen) {
  forecast({-0.01, 0.004, 0.018, -0.05, -0.02, 0.005});
  CAF_CHECK(wanted() < 0);
  use({{"ahead", 1}});
  CAF_CHECK(wanted() > 0);
  use({{"ahead", 99}});
  CAF_CHECK(wanted() < 0);
}

CAF_TEST(the_reason_names_figures_regime_policy_and_columns) {
  market(regime::sideways);
  advice(0.5, 0.75, 0.0123);
  wanted();
  auto text = aut->reason();
  for (auto part :
       {"q10 -100", "q50 +40", "q90 +182", "sideways x0.70", "policy +0.50",
        " size 0.75 stop 1.23 % take profit none", "rsi 40 %"})
    CAF_CHECK(text.find(part) != std::string::npos);
  CAF_MESSAGE(text);
}

CAF_TEST_FIXTURE_SCOPE_END()
