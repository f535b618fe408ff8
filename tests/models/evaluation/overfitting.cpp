#define CAF_SUITE overfitting

#include "models/evaluation/overfitting.hpp"

#include "tests/models/evaluation/trials.hpp"
#include "tests/models/golden_files.hpp"

#include <caf/test/unit_test.hpp>

#include <numeric>

using namespace qalpha;
using namespace qalpha::test;

CAF_TEST(cross_validation_equals_golden_values) {
  auto golden = golden_json("backtest/overfitting.json");
  for (const auto& entry : golden["cases"].GetArray()) {
    auto trials = golden_trials(entry);
    for (const auto& theirs : entry["pbo"].GetArray()) {
      auto metric = std::string{theirs["metric"].GetString()};
      CAF_MESSAGE(entry["file"].GetString()
                  << ", " << theirs["S"].GetUint() << " blocks by " << metric);
      auto ours = cross_validate_trials(
        trials, {.blocks = theirs["S"].GetUint(),
                 .metric = metric == "mean" ? trial_metric::mean
                                            : trial_metric::sharpe});
      CAF_REQUIRE(ours);
      CAF_CHECK_EQUAL(ours->logits.size(), theirs["n_comb"].GetUint());
      CAF_CHECK(close_to(ours->probability, number_of(theirs["pbo"])));
      CAF_CHECK(
        close_to(ours->loss_probability, number_of(theirs["prob_oos_loss"])));
      CAF_CHECK(close_to(*ours->slope, number_of(theirs["slope"])));
      CAF_CHECK(close_to(*ours->intercept, number_of(theirs["intercept"])));
      auto mean = std::accumulate(ours->logits.begin(), ours->logits.end(), 0.0)
                  / static_cast<double>(ours->logits.size());
      CAF_CHECK(close_to(mean, number_of(theirs["logits_mean"])));
      for (unsigned i = 0; i < 20; ++i) {
        CAF_CHECK(
          close_to(ours->logits[i], number_of(theirs["logits_first20"][i])));
        CAF_CHECK_EQUAL(ours->chosen[i], theirs["chosen_first20"][i].GetUint());
      }
    }
  }
}

CAF_TEST(a_trial_that_is_always_best_is_not_overfitted) {
  auto trials = random_trials(3, 10, 320);
  for (auto& r : trials[7])
    r += 0.02;
  auto found = cross_validate_trials(trials);
  CAF_REQUIRE(found);
  CAF_CHECK(found->probability == 0);
  CAF_CHECK(found->loss_probability == 0);
  CAF_CHECK(found->chosen.size() == 12'870);
}

CAF_TEST(choosing_among_random_walks_is_overfitting_half_of_the_time) {
  auto sum = 0.0;
  constexpr auto seeds = 60;
  for (auto seed = 1; seed <= seeds; ++seed)
    sum += cross_validate_trials(
             random_trials(static_cast<uint64_t>(seed), 10, 200), {.blocks = 8})
             ->probability
           / seeds;
  CAF_MESSAGE("mean probability " << sum);
  CAF_CHECK(sum > 0.4 && sum < 0.65);
}

CAF_TEST(trials_that_cannot_be_compared_are_refused) {
  auto trials = random_trials(1, 2, 40);
  CAF_CHECK(cross_validate_trials(trials, {.blocks = 20}));
  for (size_t blocks : {0u, 3u, 22u})
    CAF_CHECK(!cross_validate_trials(trials, {.blocks = blocks}));
  trials[1].pop_back();
  CAF_CHECK(!cross_validate_trials(trials, {.blocks = 4}));
  CAF_CHECK(!cross_validate_trials(random_trials(1, 1, 40), {.blocks = 4}));
  CAF_CHECK(!cross_validate_trials(random_trials(1, 2, 7), {.blocks = 4}));
}
