#define CAF_SUITE outlook.forecaster

#include "models/outlook/forecaster.hpp"

#include "tests/models/outlook/play.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

feature_spec spec() {
  return {
    minute,
    {{"sma", "mean", {}, {{"period", 2}}}, {"calendar", "clock", {}, {}}}};
}

struct fixture {
  universe instruments = instruments_of(2);
  std::vector<asked_forecast> asked;
  heard out;
  quantile_model_shape shape{.features = spec(),
                             .known = {"clock.day_sin"},
                             .lookback = 3,
                             .horizon = 2,
                             .levels = {0.1, 0.5, 0.9},
                             .series = {}};
  quantile_forecast answer{.quantiles = {-1, 0, 1, -2, 0, 2},
                           .importance = {0.2, 0.5, 0, 0.2, 0.1}};

  fallible<forecaster> make() {
    return forecaster::make(
      std::make_unique<quantile_puppet>(shape, answer, asked), instruments,
      sources_of(shape.features, instruments));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(forecaster_tests, fixture)

CAF_TEST(a_forecast_needs_as_many_complete_rows_as_the_model_looks_back) {
  auto aut = make();
  CAF_REQUIRE_EQUAL(aut ? "" : aut.error().text, "");
  for (int64_t i = 1; i <= 5; ++i)
    aut->step(closed_at(i, 10 * i), out);
  CAF_MESSAGE("the mean needs two bars, the window three rows");
  CAF_REQUIRE_EQUAL(out.silences.size(), 3u);
  for (auto& x : out.silences)
    CAF_CHECK(x.why == silence::warming_up);
  CAF_REQUIRE_EQUAL(out.forecasts.size(), 2u);
  CAF_CHECK_EQUAL(out.forecasts[1].time.ns, bar_at(5, 1).close_time.ns);
  auto& past = asked[1].past;
  CAF_REQUIRE_EQUAL(past.size(), 15u);
  CAF_CHECK_EQUAL(past[0], 25);
  CAF_CHECK_EQUAL(past[5], 35);
  CAF_CHECK_EQUAL(past[10], 45);
}

CAF_TEST(known_columns_are_those_of_the_bars_ahead) {
  auto aut = make();
  for (int64_t i = 1; i <= 6; ++i)
    aut->step(closed_at(i, 10), out);
  CAF_REQUIRE_EQUAL(asked.size(), 3u);
  CAF_MESSAGE("what was ahead two bars ago is the last row now");
  CAF_REQUIRE_EQUAL(asked[0].known.size(), 2u);
  CAF_CHECK_EQUAL(asked[0].known[1], asked[2].past[2 * 5 + 1]);
  CAF_CHECK_EQUAL(asked[0].known[0], asked[2].past[1 * 5 + 1]);
}

CAF_TEST(reasons_are_the_most_important_columns) {
  auto aut = make();
  for (int64_t i = 1; i <= 4; ++i)
    aut->step(closed_at(i, 10), out);
  CAF_REQUIRE_EQUAL(out.forecasts.size(), 1u);
  auto& because = out.forecasts[0].because;
  CAF_REQUIRE_EQUAL(because.size(), 3u);
  CAF_CHECK_EQUAL(because[0].column, "clock.day_sin");
  CAF_CHECK_EQUAL(because[1].column, "mean");
  CAF_CHECK_EQUAL(because[2].column, "clock.week_sin");
}

CAF_TEST(a_gap_silences_the_model_until_the_window_is_clean_again) {
  auto aut = make();
  for (int64_t i = 1; i <= 4; ++i)
    aut->step(closed_at(i, 10), out);
  auto before = out.silences.size();
  CAF_CHECK_EQUAL(out.forecasts.size(), 1u);
  for (int64_t i = 9; i <= 12; ++i)
    aut->step(closed_at(i, 10), out);
  CAF_REQUIRE_EQUAL(out.silences.size(), before + 3);
  CAF_CHECK(out.silences[before].why == silence::dirty);
  CAF_CHECK(out.silences[before + 1].why == silence::warming_up);
  CAF_CHECK_EQUAL(out.forecasts.size(), 2u);
}

CAF_TEST(a_model_that_fails_is_silent) {
  answer.quantiles.clear();
  auto aut = make();
  for (int64_t i = 1; i <= 4; ++i)
    aut->step(closed_at(i, 10), out);
  CAF_CHECK(out.forecasts.empty());
  CAF_CHECK(out.silences.back().why == silence::failed);
}

CAF_TEST(a_symbol_that_was_not_trained_on_has_no_forecast) {
  shape.series = {"S1"};
  auto aut = make();
  for (int64_t i = 1; i <= 4; ++i) {
    aut->step(closed_at(i, 10, 0), out);
    aut->step(closed_at(i, 10, 1), out);
  }
  CAF_REQUIRE_EQUAL(out.forecasts.size(), 1u);
  CAF_CHECK_EQUAL(out.forecasts[0].symbol.index, 1u);
  CAF_CHECK_EQUAL(asked[0].series, 0u);
  for (auto& x : out.silences)
    if (x.symbol.index == 0)
      CAF_CHECK(x.why == silence::unknown_symbol);
}

CAF_TEST(warmed_up_machine_says_the_same_as_one_that_saw_all) {
  auto whole = make();
  for (int64_t i = 1; i <= 8; ++i)
    whole->step(closed_at(i, 10 * i), out);
  auto expected = out.forecasts.back();
  auto window = asked.back().past;
  auto late = make();
  std::vector<bar> past;
  for (int64_t i = 1; i <= 7; ++i)
    past.push_back(bar_at(i, 10 * i));
  late->warm_up({0}, past);
  late->warm_up({0}, past);
  heard after;
  late->step(closed_at(7, 70), after);
  late->step(closed_at(8, 80), after);
  CAF_REQUIRE_EQUAL(after.forecasts.size(), 1u);
  CAF_CHECK(after.forecasts[0] == expected);
  CAF_CHECK(asked.back().past == window);
}

CAF_TEST(a_known_column_that_needs_prices_is_refused) {
  shape.known = {"mean"};
  auto aut = make();
  CAF_REQUIRE(!aut);
  CAF_CHECK_EQUAL(aut.error().text, "known: column \"mean\" needs more than "
                                    "the time of its bar");
  shape.known = {"nothing"};
  aut = make();
  CAF_CHECK_EQUAL(aut.error().text, "known: there is no column \"nothing\"");
}

CAF_TEST(a_bar_that_was_passed_over_is_seen_but_not_asked_about) {
  auto asked_about = [this](bool passes_over) {
    asked.clear();
    auto aut = make();
    for (int64_t i = 1; i <= 6; ++i)
      if (passes_over && i == 5)
        aut->pass_over(closed_at(i, 10 * i));
      else
        aut->step(closed_at(i, 10 * i), out);
    return asked;
  };
  auto all = asked_about(false);
  CAF_REQUIRE_EQUAL(all.size(), 3u);
  out = {};
  auto some = asked_about(true);
  CAF_REQUIRE_EQUAL(some.size(), 2u);
  CAF_CHECK(some[1].past == all[2].past);
  CAF_CHECK_EQUAL(out.forecasts.size(), 2u);
  CAF_MESSAGE("whoever waited says that it was late");
  CAF_CHECK_EQUAL(out.silences.size(), 3u);
}

CAF_TEST_FIXTURE_SCOPE_END()
