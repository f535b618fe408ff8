#define CAF_SUITE training.policy

#include "models/neural/torch.hpp"

#include "models/datasets/planted/planted_signal.hpp"
#include "models/neural/decision_transformer/load_policy.hpp"
#include "models/training/policy/policy_plan.hpp"
#include "models/training/policy/replay_buffer.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>

using namespace qalpha;

namespace {

policy_plan small_plan() {
  policy_plan result;
  result.windows.features.interval = std::chrono::hours{1};
  result.windows.features.features = {
    {"log_return", "r", {}, {{"period", 4}}},
    {"taker_share", "takers", {}, {}},
  };
  result.episodes.episode = 16;
  result.episodes.players = 6;
  result.parts = {0.2, 0.2, 3'600'000};
  result.model.hidden = 16;
  result.model.layers = 1;
  result.model.context = 8;
  result.training
    = {.seed = 3, .epochs = 3, .batch = 64, .learning_rate = 3e-3};
  return result;
}

std::vector<market_rows> skilful_market() {
  planted_signal market;
  market.shape.rows = 2'000;
  market.correlation = 0.6;
  market.persistence = 0.95;
  return {plant(market)};
}

trajectory counting(size_t steps) {
  trajectory result;
  for (size_t i = 0; i < steps; ++i) {
    result.actions.push_back({0.1 * static_cast<double>(i), 0.5, 0.01, 0});
    result.rewards.push_back(static_cast<double>(i));
    result.returns_to_go.push_back(100 - static_cast<double>(i));
  }
  result.place.first = 2;
  return result;
}

/// Small models are slowed down by threads that others keep waiting.
struct one_thread {
  one_thread() {
    at::set_num_threads(1);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(policy_tests, one_thread)

CAF_TEST(samples_beyond_the_end_are_filled_up_on_the_left) {
  auto states = torch::arange(20).to(torch::kFloat).view({20, 1});
  policy_figures figures{.return_scale = 10, .widest_exit = 0.1};
  replay_buffer buffer{{counting(6)}, states, {10}, figures, 2, 4};
  CAF_REQUIRE_EQUAL(buffer.samples(), 6u);
  std::vector<size_t> samples{1, 4};
  auto batch = buffer.cut(samples);
  auto row = [](const torch::Tensor& x, int64_t i) {
    std::vector<double> result;
    auto flat = x.select(0, i).flatten();
    for (int64_t j = 0; j < flat.numel(); ++j)
      result.push_back(std::round(flat[j].item<double>() * 1'000) / 1'000);
    return result;
  };
  using list = std::vector<double>;
  CAF_CHECK_EQUAL(row(batch.steps.timesteps, 0), (list{1, 2, 3, 4}));
  CAF_CHECK_EQUAL(row(batch.steps.mask, 0), (list{1, 1, 1, 1}));
  CAF_CHECK_EQUAL(row(batch.steps.states, 0), (list{13, 14, 15, 16}));
  CAF_CHECK_EQUAL(row(batch.steps.mask, 1), (list{0, 0, 1, 1}));
  CAF_CHECK_EQUAL(row(batch.steps.timesteps, 1), (list{0, 0, 4, 5}));
  CAF_CHECK_EQUAL(row(batch.steps.states, 1), (list{0, 0, 16, 17}));
  CAF_CHECK_EQUAL(row(batch.steps.actions, 1),
                  (list{0, 0, 0, 0, 0, 0, 0, 0, //
                        0.4, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0}));
  CAF_CHECK_EQUAL(row(batch.steps.returns_to_go, 1), (list{0, 0, 9.6, 9.5}));
  CAF_CHECK_EQUAL(row(batch.short_returns, 0), (list{0.3, 0.5, 0.7, 0.9}));
}

CAF_TEST(a_small_policy_learns_and_becomes_a_checkpoint_that_loads) {
  auto rows = skilful_market();
  auto job = make_policy_job(small_plan(), rows);
  CAF_REQUIRE(job);
  double first = 0;
  double last = 0;
  while (!(*job)->finished()) {
    auto report = (*job)->step();
    CAF_REQUIRE(report);
    if (report->step == 1)
      first = report->loss;
    last = report->loss;
  }
  CAF_CHECK(last < first);
  auto result = (*job)->finish();
  CAF_REQUIRE(result);
  CAF_REQUIRE_EQUAL(result->lists.at("achieved_by_target").size(), 5u);
  CAF_CHECK(result->figures.count("behaviour_mean") == 1);
  CAF_MESSAGE("each entry of an action is learned: 1 is to say its mean");
  CAF_CHECK(result->figures.at("position_error") < 1.2);
  for (auto name : {"size_error", "stop_error", "take_profit_error"})
    CAF_CHECK(result->figures.at(name) < 1);
  CAF_CHECK_EQUAL(result->model.about.settings.at("actions"), 4.0);
  auto policy = load_policy(result->model);
  CAF_REQUIRE(policy);
  CAF_CHECK_EQUAL((*policy)->shape().episode, 16u);
  CAF_CHECK_EQUAL((*policy)->shape().target_return,
                  result->figures.at("target_return"));
}

CAF_TEST(a_policy_training_goes_on_with_the_same_losses) {
  auto rows = skilful_market();
  auto plan = small_plan();
  plan.return_weight = 0.1;
  auto whole = make_policy_job(plan, rows);
  auto first = make_policy_job(plan, rows);
  auto second = make_policy_job(plan, rows);
  CAF_REQUIRE(second);
  for (int i = 0; i < 5; ++i) {
    CAF_REQUIRE((*whole)->step());
    CAF_REQUIRE((*first)->step());
  }
  CAF_REQUIRE(!(*second)->load((*first)->save()));
  for (int i = 0; i < 5; ++i)
    CAF_CHECK_EQUAL((*second)->step()->loss, (*whole)->step()->loss);
}

CAF_TEST_FIXTURE_SCOPE_END()
