#define CAF_SUITE training.regimes

#include "models/neural/torch.hpp"

#include "models/datasets/planted/planted_regimes.hpp"
#include "models/neural/cvae/load_regimes.hpp"
#include "models/outlook/regimes/regime_tracker.hpp"
#include "models/training/regimes/regime_plan.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

regime_plan small_plan() {
  regime_plan result;
  auto period = std::map<std::string, double>{{"period", 30}};
  result.windows.features.interval = std::chrono::hours{1};
  result.windows.features.features = {
    {"log_return", "r", {}, period},
    {"realised_volatility", "v", {}, period},
    {"parkinson", "p", {}, period},
  };
  result.naming_bars = 30;
  result.model.hidden = {16, 8};
  result.model.latent = 3;
  result.model.projection = 4;
  result.divergence = 0.02;
  result.training
    = {.seed = 2, .epochs = 4, .batch = 128, .learning_rate = 3e-3};
  return result;
}

regime_history turns() {
  planted_regimes market;
  market.shape.rows = 8'000;
  return plant(market);
}

} // namespace

CAF_TEST(a_small_model_finds_planted_regimes_and_loads_again) {
  auto history = turns();
  auto job = make_regime_job(small_plan(), {&history.rows, 1}, history.truth);
  CAF_REQUIRE(job);
  while (!(*job)->finished())
    CAF_REQUIRE((*job)->step());
  auto result = (*job)->finish();
  CAF_REQUIRE(result);
  CAF_MESSAGE(result->figures.at("adjusted_rand_index"));
  CAF_CHECK(result->figures.at("adjusted_rand_index") > 0.5);
  CAF_CHECK(load_regimes(result->model));
}

CAF_TEST(the_latent_space_has_every_row_where_the_model_sees_it) {
  auto history = turns();
  auto plan = small_plan();
  plan.training.epochs = 1;
  auto job = make_regime_job(plan, {&history.rows, 1});
  while (!(*job)->finished())
    CAF_REQUIRE((*job)->step());
  auto result = (*job)->finish();
  CAF_REQUIRE(result);
  CAF_REQUIRE(result->view.latents);
  const auto& found = *result->view.latents;
  CAF_CHECK_EQUAL(found.series, std::vector<std::string>{history.rows.name});
  CAF_CHECK_EQUAL(found.explained[0], result->figures.at("explained_1"));
  CAF_CHECK(found.explained[0] >= found.explained[1]);
  CAF_CHECK(found.explained[1] > 0);
  CAF_CHECK(found.explained[0] + found.explained[1] <= 1 + 1e-9);
  std::array<double, 3> counts{};
  for (size_t i = 0; i < found.rows.size(); ++i) {
    ++counts[static_cast<size_t>(found.rows[i].part)];
    if (i > 0)
      CAF_CHECK(found.rows[i].time_ms > found.rows[i - 1].time_ms);
  }
  CAF_CHECK_EQUAL(counts[0], result->figures.at("train_rows"));
  CAF_CHECK(counts[1] > 0);
  CAF_CHECK_EQUAL(counts[2], result->figures.at("test_rows"));
  CAF_MESSAGE("as the model that is loaded again");
  auto set = training_set::make(plan.windows, {&history.rows, 1});
  auto model = load_regimes(result->model);
  CAF_REQUIRE(model);
  auto last = set->windows().back();
  auto reading = (*model)->read(set->row(last.series, last.row));
  CAF_REQUIRE(reading);
  const auto& row = found.rows.back();
  CAF_CHECK(row.kind == most_probable(*reading));
  for (size_t i = 0; i < 2; ++i)
    CAF_CHECK(std::abs(row.position[i] - reading->position[i]) < 1e-4);
}

CAF_TEST(looking_at_a_regime_training_does_not_change_it) {
  auto history = turns();
  auto plan = small_plan();
  plan.training.epochs = 2;
  auto watched = make_regime_job(plan, {&history.rows, 1});
  auto alone = make_regime_job(plan, {&history.rows, 1});
  auto is_test = [](const auto& x) { return x.part == sample_part::test; };
  for (int i = 0; !(*alone)->finished(); ++i) {
    if (i % 10 == 0) {
      auto view = (*watched)->view();
      CAF_REQUIRE(view);
      CAF_REQUIRE(view->latents);
      CAF_CHECK(!view->latents->rows.empty());
      CAF_CHECK(std::none_of(view->latents->rows.begin(),
                             view->latents->rows.end(), is_test));
    }
    auto seen = (*watched)->step();
    auto unseen = (*alone)->step();
    CAF_REQUIRE(seen && unseen);
    CAF_CHECK_EQUAL(seen->loss, unseen->loss);
    CAF_CHECK(seen->validation_loss == unseen->validation_loss);
  }
  CAF_CHECK((*watched)->weights() == (*alone)->weights());
}

CAF_TEST(a_regime_training_goes_on_with_the_same_losses) {
  auto history = turns();
  auto make = [&] { return make_regime_job(small_plan(), {&history.rows, 1}); };
  auto whole = make();
  auto first = make();
  auto second = make();
  for (int i = 0; i < 40; ++i) {
    CAF_REQUIRE((*whole)->step());
    CAF_REQUIRE((*first)->step());
  }
  CAF_REQUIRE(!(*second)->load((*first)->save()));
  for (int i = 0; i < 10; ++i)
    CAF_CHECK_EQUAL((*second)->step()->loss, (*whole)->step()->loss);
}
