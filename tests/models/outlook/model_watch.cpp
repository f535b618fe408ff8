#define CAF_SUITE outlook.model_watch

#include "models/outlook/model_watch.hpp"

#include <caf/test/unit_test.hpp>

#include <chrono>
#include <cmath>
#include <numeric>
#include <vector>

using namespace qalpha;

namespace {

constexpr symbol_id first{0};
constexpr symbol_id second{1};
constexpr utc_time now{1'700'000'000'000'000'000};

struct fixture {
  model_identity who{.id = "tft",
                     .version = 2,
                     .trained_at = now,
                     .columns = {"rsi"},
                     .bins = {},
                     .levels = {0.1, 0.5, 0.9}};

  fixture() {
    std::vector<double> training(1'000);
    std::iota(training.begin(), training.end(), 0.0);
    who.bins = {*make_bins(training)};
  }
};

bool has(const std::optional<model_health>& report, model_problem what) {
  if (!report)
    return false;
  for (auto& x : judge(*report))
    if (x.problem == what)
      return true;
  return false;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(model_watch_tests, fixture)

CAF_TEST(the_first_bar_and_every_hundredth_are_reported) {
  model_watch aut{who, 2};
  auto report = aut.news(now);
  CAF_REQUIRE(report);
  CAF_CHECK(judge(*report).empty());
  CAF_CHECK_EQUAL(report->id, "tft");
  size_t more = 0;
  for (int i = 0; i < 200; ++i)
    more += aut.news(now) ? 1 : 0;
  CAF_CHECK_EQUAL(more, 2u);
}

CAF_TEST(bars_without_an_answer_are_counted_for_each_symbol) {
  model_watch aut{who, 2};
  aut.news(now);
  aut.silent(first, silence::warming_up);
  aut.silent(first, silence::warming_up);
  CAF_CHECK(!aut.news(now));
  aut.silent(first, silence::dirty);
  aut.answered(second);
  CAF_CHECK(!aut.news(now));
  aut.silent(first, silence::dirty);
  CAF_CHECK(has(aut.news(now), model_problem::silent));
  aut.answered(first);
  auto well = aut.news(now);
  CAF_REQUIRE(well);
  CAF_CHECK(judge(*well).empty());
}

CAF_TEST(a_failure_is_told_at_once) {
  model_watch aut{who, 2};
  aut.news(now);
  aut.silent(first, silence::failed);
  CAF_CHECK(has(aut.news(now), model_problem::not_finite));
}

CAF_TEST(another_market_than_in_training_is_told) {
  model_watch aut{who, 2};
  aut.news(now);
  std::optional<model_health> report;
  for (int i = 0; i < 600 && !report; ++i) {
    double row[] = {5'000.0 + i};
    aut.saw(row);
    report = aut.news(now);
    if (report && judge(*report).empty())
      report.reset();
  }
  CAF_REQUIRE(report);
  CAF_CHECK(has(report, model_problem::drifted));
  CAF_CHECK_EQUAL(report->drifted_column, "rsi");
}

CAF_TEST(quantiles_that_are_wrong_are_told) {
  model_watch aut{who, 2};
  aut.news(now);
  std::vector quantiles{-0.1, 0.0, 0.1};
  for (int i = 0; i < 200; ++i)
    aut.came(quantiles, i % 2 == 0 ? 1.0 : -1.0);
  auto report = aut.news(now);
  CAF_CHECK(has(report, model_problem::uncalibrated));
}

CAF_TEST(slow_answers_are_told) {
  model_watch aut{who, 2};
  aut.news(now);
  for (int i = 0; i < 10; ++i)
    aut.took(std::chrono::milliseconds{80});
  CAF_CHECK(has(aut.news(now), model_problem::slow));
}

CAF_TEST_FIXTURE_SCOPE_END()
