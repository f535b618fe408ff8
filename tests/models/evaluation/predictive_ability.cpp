#define CAF_SUITE predictive_ability

#include "models/evaluation/predictive_ability.hpp"

#include "tests/models/evaluation/trials.hpp"
#include "tests/models/golden_files.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <sstream>

using namespace qalpha;
using namespace qalpha::test;

namespace {

std::vector<std::vector<size_t>> golden_rows(const std::string& file) {
  std::istringstream in{golden_text(file)};
  std::vector<std::vector<size_t>> result;
  for (std::string line; std::getline(in, line);) {
    std::istringstream cells{line};
    result.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');)
      result.back().push_back(std::stoul(cell));
  }
  return result;
}

std::vector<std::vector<size_t>> repetitions(size_t count, size_t rows,
                                             double block) {
  random_stream random{99, 0};
  std::vector<std::vector<size_t>> result;
  for (size_t i = 0; i < count; ++i)
    result.push_back(stationary_rows(rows, block, random));
  return result;
}

} // namespace

CAF_TEST(probabilities_equal_golden_values) {
  auto golden = golden_json("backtest/spa.json");
  const auto& theirs = golden[0];
  auto file = std::string{"backtest/spa_0_losses.csv"};
  auto benchmark = golden_numbers(file, "benchmark");
  std::vector<std::vector<double>> advantages;
  for (unsigned k = 0; k < theirs["K"].GetUint(); ++k) {
    advantages.push_back(golden_numbers(file, "m" + std::to_string(k)));
    auto sum = 0.0;
    for (size_t t = 0; t < benchmark.size(); ++t)
      sum += advantages[k][t] = benchmark[t] - advantages[k][t];
    CAF_CHECK(close_to(sum / static_cast<double>(benchmark.size()),
                       number_of(theirs["mean_loss_diff"][k])));
  }
  auto samples = golden_rows("backtest/spa_0_indices.csv");
  CAF_REQUIRE_EQUAL(samples.size(), theirs["reps"].GetUint());
  auto ours = test_superior_ability(advantages, samples,
                                    number_of(theirs["block"]));
  CAF_REQUIRE(ours);
  const auto& values = theirs["pvalues"];
  CAF_CHECK(close_to(ours->plain.lower, number_of(values["lower"])));
  CAF_CHECK(close_to(ours->plain.consistent, number_of(values["consistent"])));
  CAF_CHECK(close_to(ours->plain.upper, number_of(values["upper"])));
}

CAF_TEST(blocks_have_the_length_asked_for) {
  random_stream random{4, 0};
  auto rows = stationary_rows(100'000, 10, random);
  CAF_CHECK_EQUAL(rows.size(), 100'000u);
  auto breaks = 0;
  for (size_t i = 1; i < rows.size(); ++i)
    breaks += rows[i] == (rows[i - 1] + 1) % rows.size() ? 0 : 1;
  CAF_CHECK(std::abs(breaks - 10'000) < 400);
}

CAF_TEST(models_without_an_advantage_are_rarely_found_superior) {
  auto samples = repetitions(200, 200, 5);
  auto found = 0;
  constexpr auto seeds = 100;
  for (auto seed = 1; seed <= seeds; ++seed) {
    auto ours = test_superior_ability(
      random_trials(static_cast<uint64_t>(seed), 10, 200), samples, 5);
    found += ours->studentised.consistent < 0.05 ? 1 : 0;
  }
  CAF_MESSAGE(found << " of " << seeds);
  CAF_CHECK(found <= 12);
}

CAF_TEST(one_good_model_among_bad_ones_is_found) {
  auto trials = random_trials(8, 10, 200);
  for (auto& x : trials[4])
    x += 0.004;
  CAF_MESSAGE("a wild one that is no good does not hide it");
  for (auto& x : trials[5])
    x = 10 * x;
  auto ours = test_superior_ability(trials, repetitions(500, 200, 5), 5);
  CAF_CHECK(ours->studentised.consistent < 0.01);
  CAF_CHECK(ours->studentised.lower <= ours->studentised.consistent);
  CAF_CHECK(ours->studentised.consistent <= ours->studentised.upper);
  CAF_CHECK(ours->plain.upper > 0.05);
}

CAF_TEST(what_does_not_fit_is_refused) {
  auto trials = random_trials(1, 2, 20);
  auto samples = repetitions(2, 20, 3);
  CAF_CHECK(test_superior_ability(trials, samples, 3));
  CAF_CHECK(!test_superior_ability({}, samples, 3));
  CAF_CHECK(!test_superior_ability(trials, {}, 3));
  CAF_CHECK(!test_superior_ability(trials, samples, 0));
  samples[1][7] = 20;
  CAF_CHECK(!test_superior_ability(trials, samples, 3));
  samples[1].pop_back();
  CAF_CHECK(!test_superior_ability(trials, samples, 3));
  trials[1].pop_back();
  CAF_CHECK(!test_superior_ability(trials, repetitions(2, 20, 3), 3));
}
