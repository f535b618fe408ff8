#define CAF_SUITE training.regimes

#include "models/neural/torch.hpp"

#include "models/datasets/planted/planted_regimes.hpp"
#include "models/neural/cvae/load_regimes.hpp"
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
