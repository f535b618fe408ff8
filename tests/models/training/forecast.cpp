#define CAF_SUITE training.forecast

#include "models/neural/torch.hpp"

#include "models/datasets/planted/planted_signal.hpp"
#include "models/neural/tft/tft_forecaster.hpp"
#include "models/training/forecast/forecast_plan.hpp"
#include "models/training/forecast/forecast_score.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>

using namespace qalpha;

namespace {

forecast_plan small_plan() {
  forecast_plan result;
  result.windows.features.interval = std::chrono::hours{1};
  result.windows.features.features = {
    {"log_return", "r", {}, {}},
    {"taker_share", "takers", {}, {}},
    {"calendar", "when", {}, {}},
  };
  result.windows.lookback = 6;
  result.windows.horizon = 2;
  result.model.hidden = 8;
  result.model.heads = 2;
  result.model.dropout = 0.1;
  result.model.levels = {0.1, 0.5, 0.9};
  result.training
    = {.seed = 3, .epochs = 3, .batch = 64, .learning_rate = 5e-3};
  return result;
}

std::vector<market_rows> strong_signal() {
  planted_signal market;
  market.shape.rows = 1'500;
  market.correlation = 0.6;
  return {plant(market)};
}

/// Asks a model of two steps ahead as those who trade do.
fallible<quantile_forecast> predict(quantile_model& model,
                                    const training_set& set,
                                    training_window window) {
  std::vector<double> known;
  for (size_t ahead = 1; ahead <= 2; ++ahead) {
    auto row = set.row(window.series, window.row + ahead);
    for (auto column : set.known())
      known.push_back(row[column]);
  }
  return model.predict({set.past(window), known, window.series});
}

} // namespace

CAF_TEST(a_small_model_finds_a_strong_signal_and_becomes_a_checkpoint) {
  auto plan = small_plan();
  auto rows = strong_signal();
  auto job = make_forecast_job(plan, rows);
  CAF_REQUIRE(job);
  while (!(*job)->finished())
    CAF_REQUIRE((*job)->step());
  auto result = (*job)->finish();
  CAF_REQUIRE(result);
  CAF_CHECK(result->figures.at("test_correlation") > 0.3);
  CAF_CHECK(result->figures.at("skill") > 0.02);
  CAF_CHECK_EQUAL(result->lists.at("coverage").size(), 3u);
  const auto& about = result->model.about;
  CAF_CHECK_EQUAL(about.architecture, "temporal-fusion-transformer");
  CAF_CHECK_EQUAL(about.scales.size(), 6u);
  CAF_CHECK_EQUAL(about.names.at("known").size(), 4u);
  CAF_CHECK_EQUAL(about.metrics, result->figures);
  auto model = load_tft(result->model);
  CAF_REQUIRE(model);
  auto set = training_set::make(plan.windows, rows);
  auto forecast = predict(**model, *set, set->windows().back());
  CAF_REQUIRE(forecast);
  CAF_CHECK_EQUAL(forecast->quantiles.size(), 6u);
}

CAF_TEST(what_pictures_show_is_what_the_model_says) {
  auto plan = small_plan();
  plan.training.epochs = 1;
  auto rows = strong_signal();
  auto job = make_forecast_job(plan, rows);
  CAF_REQUIRE(job);
  while (!(*job)->finished())
    CAF_REQUIRE((*job)->step());
  auto result = (*job)->finish();
  CAF_REQUIRE(result);
  CAF_REQUIRE(result->view.forecasts);
  const auto& view = *result->view.forecasts;
  CAF_CHECK_EQUAL(view.levels, result->lists.at("levels"));
  CAF_CHECK_EQUAL(view.coverage, result->lists.at("coverage"));
  CAF_CHECK_EQUAL(static_cast<double>(view.targets),
                  2 * result->figures.at("test_windows"));
  CAF_MESSAGE("the last forecast beside what came");
  auto set = training_set::make(plan.windows, rows);
  auto window = set->windows().back();
  CAF_CHECK_EQUAL(view.fan.series, rows[0].name);
  CAF_CHECK_EQUAL(static_cast<double>(view.fan.time_ms),
                  set->series()[0].times[window.row]);
  CAF_CHECK_EQUAL(view.fan.came, (std::vector<double>{set->target(window, 1),
                                                      set->target(window, 2)}));
  CAF_REQUIRE_EQUAL(view.fan.past.size(), 6u);
  CAF_CHECK_EQUAL(view.fan.past.back(), 0.0);
  const auto& closes = set->series()[0].closes;
  CAF_CHECK_EQUAL(view.fan.past[4],
                  std::log(closes[window.row - 1] / closes[window.row]));
  auto model = load_tft(result->model);
  auto forecast = predict(**model, *set, window);
  CAF_REQUIRE(forecast);
  CAF_REQUIRE_EQUAL(view.fan.quantiles.size(), 6u);
  for (size_t i = 0; i < 6; ++i)
    CAF_CHECK(std::abs(view.fan.quantiles[i] - forecast->quantiles[i]) < 1e-5);
  CAF_MESSAGE("shares by the names of the columns, those of all test windows");
  CAF_REQUIRE_EQUAL(view.past.size(), 6u);
  CAF_REQUIRE_EQUAL(view.known.size(), 4u);
  CAF_CHECK_EQUAL(view.past[0].name, "r");
  CAF_CHECK_EQUAL(view.past[1].name, "takers");
  for (size_t i = 0; i < 4; ++i)
    CAF_CHECK_EQUAL(view.known[i].name, view.past[i + 2].name);
  for (const auto* shares : {&view.past, &view.known}) {
    double sum = 0;
    for (const auto& x : *shares) {
      CAF_CHECK(x.share >= 0);
      sum += x.share;
    }
    CAF_CHECK(std::abs(sum - 1) < 1e-6);
  }
  std::vector<double> importance(6);
  auto count = static_cast<size_t>(result->figures.at("test_windows"));
  for (auto test : std::span{set->windows()}.last(count)) {
    auto said = predict(**model, *set, test)->importance;
    for (size_t i = 0; i < 6; ++i)
      importance[i] += said[i] / static_cast<double>(count);
  }
  for (size_t i = 0; i < 6; ++i) {
    // Six steps of the past, and two that are known.
    auto share = 6 * view.past[i].share;
    if (i >= 2)
      share += 2 * view.known[i - 2].share;
    CAF_CHECK(std::abs(share / 8 - importance[i]) < 1e-4);
  }
}

CAF_TEST(looking_at_a_forecast_training_does_not_change_it) {
  auto rows = strong_signal();
  auto plan = small_plan();
  plan.training.epochs = 2;
  auto watched = make_forecast_job(plan, rows);
  auto alone = make_forecast_job(plan, rows);
  for (int i = 0; !(*alone)->finished(); ++i) {
    if (i % 8 == 0) {
      auto view = (*watched)->view();
      CAF_REQUIRE(view);
      CAF_REQUIRE(view->forecasts);
      CAF_CHECK_EQUAL(view->forecasts->coverage.size(), 3u);
    }
    auto seen = (*watched)->step();
    auto unseen = (*alone)->step();
    CAF_REQUIRE(seen && unseen);
    CAF_CHECK_EQUAL(seen->loss, unseen->loss);
  }
  CAF_CHECK((*watched)->weights() == (*alone)->weights());
}

CAF_TEST(a_forecast_training_goes_on_with_the_same_losses) {
  auto rows = strong_signal();
  auto whole = make_forecast_job(small_plan(), rows);
  auto first = make_forecast_job(small_plan(), rows);
  auto second = make_forecast_job(small_plan(), rows);
  for (int i = 0; i < 7; ++i) {
    CAF_REQUIRE((*whole)->step());
    CAF_REQUIRE((*first)->step());
  }
  CAF_REQUIRE(!(*second)->load((*first)->save()));
  for (int i = 0; i < 20; ++i) {
    auto expected = (*whole)->step();
    auto found = (*second)->step();
    CAF_CHECK_EQUAL(found->loss, expected->loss);
    CAF_CHECK(found->validation_loss == expected->validation_loss);
  }
}

CAF_TEST(plans_that_do_not_fit_are_faults) {
  auto rows = strong_signal();
  auto problem = [&](const forecast_plan& plan) {
    auto job = make_forecast_job(plan, rows);
    return job ? std::string{} : job.error().text;
  };
  auto plan = small_plan();
  plan.windows.features.features.pop_back();
  CAF_CHECK(problem(plan).find("calendar") != std::string::npos);
  plan = small_plan();
  plan.model.heads = 3;
  CAF_CHECK(problem(plan).find("heads: ") == 0);
  plan = small_plan();
  plan.training.clip = 0;
  CAF_CHECK(problem(plan).find("clip: ") == 0);
}

CAF_TEST(scores_are_those_of_their_definitions) {
  scored_forecasts all;
  all.horizon = 1;
  all.levels = {0.25, 0.5};
  all.quantiles = {-1, 0, 1, 2, 0, 1};
  all.targets = {0.5, 2, -1};
  auto coverage = coverage_by_level(all);
  CAF_CHECK_EQUAL(coverage[0], 1.0 / 3);
  CAF_CHECK_EQUAL(coverage[1], 2.0 / 3);
  // By hand: 0.25 * 1.5 + 0.5 * 0.5, 0.25 * 1 + 0, 0.75 * 1 + 0.5 * 2.
  CAF_CHECK(std::abs(mean_pinball(all) - (0.625 + 0.25 + 1.75) / 3) < 1e-12);
  CAF_CHECK(std::abs(correlation_by_distance(all)[0] - 0.5) < 1e-12);
  auto naive = naive_forecasts(all, std::vector<double>{3, 1, 2, 4, 0});
  CAF_CHECK_EQUAL(naive.quantiles, (std::vector<double>{1, 2, 1, 2, 1, 2}));
}
