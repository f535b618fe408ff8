#define CAF_SUITE outlook.outlook_collector

#include "models/outlook/outlook_collector.hpp"

#include <caf/test/unit_test.hpp>

#include <chrono>

using namespace qalpha;

namespace {

constexpr utc_time bar1{1'000'000'000'000};
constexpr auto minute = std::chrono::minutes{1};
constexpr auto second = std::chrono::seconds{1};

forecast_made forecast_at(utc_time time) {
  return {.symbol = {},
          .time = time,
          .levels = {0.5},
          .quantiles = {0.01},
          .because = {}};
}

regime_observed regime_at(utc_time time) {
  return {.symbol = {}, .time = time};
}

struct fixture {
  outlook_collector aut{model_roles{0b011}, second};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outlook_collector_tests, fixture)

CAF_TEST(it_is_complete_when_all_that_were_asked_have_spoken) {
  CAF_CHECK(!aut.open());
  aut.begin(bar1);
  CAF_CHECK(aut.open());
  CAF_CHECK(!aut.take(forecast_at(bar1)));
  CAF_CHECK(aut.take(regime_at(bar1)));
  auto said = aut.close();
  CAF_CHECK(!aut.open());
  CAF_CHECK(said.forecast && said.market && !said.advice);
  CAF_CHECK(said.asked == model_roles{0b011});
  CAF_CHECK_EQUAL(aut.late(model_role::forecaster), 0u);
}

CAF_TEST(a_model_that_says_it_has_nothing_is_not_waited_for) {
  aut.begin(bar1);
  aut.take(regime_at(bar1));
  CAF_CHECK(
    aut.take(model_silent{{}, bar1, model_role::forecaster, silence::dirty}));
  auto said = aut.close();
  CAF_CHECK(!said.forecast);
  CAF_CHECK(said.market);
  CAF_CHECK_EQUAL(aut.late(model_role::forecaster), 0u);
}

CAF_TEST(late_answers_are_dropped_and_counted) {
  aut.begin(bar1);
  aut.take(regime_at(bar1));
  CAF_CHECK(!aut.due(bar1 + second));
  CAF_CHECK(aut.due(bar1 + second + timespan{1}));
  auto said = aut.close();
  CAF_CHECK(!said.forecast);
  CAF_CHECK_EQUAL(aut.late(model_role::forecaster), 1u);
  CAF_CHECK_EQUAL(aut.late(model_role::regimes), 0u);
  CAF_CHECK(!aut.due(bar1 + minute));
  CAF_MESSAGE("neither the end nor the next bar takes it");
  CAF_CHECK(!aut.take(forecast_at(bar1)));
  aut.begin(bar1 + minute);
  CAF_CHECK(!aut.take(forecast_at(bar1)));
  aut.take(regime_at(bar1 + minute));
  said = aut.close();
  CAF_CHECK(!said.forecast);
  CAF_CHECK_EQUAL(aut.late(model_role::forecaster), 2u);
}

CAF_TEST(who_was_not_asked_is_heard_but_not_waited_for) {
  aut.begin(bar1);
  CAF_CHECK(!aut.take(policy_advised{{}, bar1, 1, 1}));
  CAF_CHECK(!aut.take(forecast_at(bar1)));
  CAF_CHECK(aut.take(regime_at(bar1)));
}

CAF_TEST(nothing_is_waited_for_where_nobody_is_asked) {
  outlook_collector nobody{{}, second};
  nobody.begin(bar1);
  CAF_CHECK(!nobody.open());
  CAF_CHECK(!nobody.due(bar1 + minute));
}

CAF_TEST_FIXTURE_SCOPE_END()
