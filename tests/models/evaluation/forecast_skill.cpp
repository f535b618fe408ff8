#define CAF_SUITE forecast_skill

#include "models/evaluation/forecast_skill.hpp"

#include "models/evaluation/long_run.hpp"
#include "models/evaluation/normal.hpp"
#include "tests/models/evaluation/trials.hpp"
#include "tests/models/golden_files.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace qalpha;
using namespace qalpha::test;

namespace {

const std::vector<double> deciles{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};

/// Outcomes are `signal` × a known value + noise, both normal; `knows` is how
/// much of the known value the forecast takes into account.
forecast_record planted(uint64_t seed, size_t count, double signal,
                        double knows) {
  random_stream random{seed, 0};
  auto noise = std::sqrt(1 - signal * signal);
  forecast_record result{.levels = deciles};
  std::vector<double> past;
  for (size_t i = 0; i < 4'000; ++i)
    past.push_back(normal_of(random));
  auto naive = naive_quantiles(past, deciles);
  for (size_t i = 0; i < count; ++i) {
    auto seen = normal_of(random);
    result.outcomes.push_back(signal * seen + noise * normal_of(random));
    for (auto level : deciles)
      result.quantiles.push_back(knows * signal * seen
                                 + noise * normal_quantile(level));
    result.naive.insert(result.naive.end(), naive.begin(), naive.end());
  }
  return result;
}

} // namespace

CAF_TEST(pinball_loss_weighs_both_sides_by_the_level) {
  CAF_CHECK(close_to(pinball_loss(3, 1, 0.9), 1.8, 1e-15));
  CAF_CHECK(close_to(pinball_loss(1, 3, 0.9), 0.2, 1e-15));
  CAF_CHECK(pinball_loss(2, 2, 0.3) == 0);
  CAF_CHECK(pinball_loss(-5, 1, 0.5) == 3);
}

CAF_TEST(no_constant_has_a_lower_loss_than_the_quantile) {
  random_stream random{5, 0};
  std::vector<double> xs(501);
  for (auto& x : xs)
    x = normal_of(random);
  std::sort(xs.begin(), xs.end());
  for (auto level : deciles) {
    auto loss = [&](double said) {
      auto sum = 0.0;
      for (auto x : xs)
        sum += pinball_loss(x, said, level);
      return sum;
    };
    auto least = loss(empirical_quantile(xs, level));
    for (auto off : {-0.2, -0.02, 0.02, 0.2})
      CAF_CHECK(loss(empirical_quantile(xs, level) + off) > least);
  }
}

CAF_TEST(empirical_quantiles_lie_between_neighbours) {
  std::vector<double> xs{1, 2, 4, 8};
  CAF_CHECK(empirical_quantile(xs, 0) == 1);
  CAF_CHECK(empirical_quantile(xs, 0.5) == 3);
  CAF_CHECK(close_to(empirical_quantile(xs, 0.9), 6.8, 1e-15));
  CAF_CHECK(empirical_quantile(xs, 1) == 8);
  CAF_CHECK(empirical_quantile(std::vector<double>{7}, 0.3) == 7);
}

CAF_TEST(the_naive_median_is_zero) {
  std::vector<double> xs{5, -4, 3, -1, 9};
  auto said = naive_quantiles(xs, std::vector<double>{0.25, 0.5, 0.75});
  CAF_CHECK(said == (std::vector<double>{-1, 0, 5}));
  CAF_MESSAGE("and quantiles never cross");
  std::vector<double> rising{1, 2, 3};
  said = naive_quantiles(rising, std::vector<double>{0.25, 0.5, 0.75});
  CAF_CHECK(std::is_sorted(said.begin(), said.end()));
}

CAF_TEST(the_error_of_independent_values_is_that_of_the_sample) {
  std::vector<double> xs{1, 2, 3, 4};
  CAF_CHECK(close_to(long_run_error(xs, 0), std::sqrt(1.25 / 4), 1e-15));
  // γ₁ = 0.3125 with weight ½.
  CAF_CHECK(
    close_to(long_run_error(xs, 1), std::sqrt((1.25 + 0.3125) / 4), 1e-15));
  CAF_CHECK(long_run_error(std::vector<double>{2, 2, 2}, 5) == 0);
}

CAF_TEST(the_naive_forecast_itself_has_no_skill) {
  auto record = planted(1, 500, 0.3, 1);
  record.quantiles = record.naive;
  auto found = measure_forecasts(record);
  CAF_REQUIRE(found);
  CAF_CHECK(*found->skill.value == 0);
  CAF_CHECK(*found->skill.error == 0);
  CAF_CHECK(!found->correlation.value);
  CAF_CHECK(!found->hits);
  CAF_CHECK_EQUAL(found->levels.size(), 9u);
  for (const auto& one : found->levels)
    CAF_CHECK(one.loss == one.naive_loss && *one.risk == *one.naive_risk);
}

CAF_TEST(a_planted_truth_is_measured_within_three_errors) {
  auto found = measure_forecasts(planted(2, 20'000, 0.3, 1));
  CAF_REQUIRE(found);
  auto near = [](const estimate& x, double truth) {
    CAF_MESSAGE(*x.value << " for " << truth << ", error " << *x.error);
    return std::abs(*x.value - truth) < 3 * *x.error;
  };
  CAF_CHECK(near(found->correlation, 0.3));
  // Independent normal values have the closed form (1 − ρ²) / √n.
  CAF_CHECK(
    close_to(*found->correlation.error, 0.91 / std::sqrt(20'000), 3e-4));
  // All losses of normal values are as large as their deviation.
  CAF_CHECK(near(found->skill, 1 - std::sqrt(1 - 0.09)));
  CAF_CHECK(std::abs(*found->hits - (0.5 + std::asin(0.3) / M_PI)) < 0.01);
  for (const auto& one : found->levels) {
    CAF_CHECK(near(one.coverage, one.level));
    CAF_CHECK(one.loss < one.naive_loss);
  }
}

CAF_TEST(a_forecast_that_says_too_much_has_less_skill_than_none) {
  auto found = measure_forecasts(planted(3, 5'000, 0.1, 8));
  CAF_REQUIRE(found);
  CAF_CHECK(*found->skill.value < -3 * *found->skill.error);
  CAF_CHECK(*found->correlation.value > 0);
}

CAF_TEST(overlapping_outcomes_do_not_feign_a_correlation) {
  constexpr size_t horizon = 24;
  constexpr size_t count = 3'000;
  constexpr auto seeds = 200;
  auto found = 0;
  auto naively = 0;
  for (auto seed = 1; seed <= seeds; ++seed) {
    random_stream random{static_cast<uint64_t>(seed), 0};
    std::vector<double> walk{0};
    for (size_t i = 0; i < count + 2 * horizon; ++i)
      walk.push_back(walk.back() + normal_of(random));
    std::vector<double> before;
    std::vector<double> after;
    for (auto t = horizon; t < count + horizon; ++t) {
      before.push_back(walk[t] - walk[t - horizon]);
      after.push_back(walk[t + horizon] - walk[t]);
    }
    auto honest = measure_correlation(before, after,
                                      long_run_lag(count, horizon));
    auto blind = measure_correlation(before, after, 0);
    found += std::abs(*honest.value) > 1.96 * *honest.error ? 1 : 0;
    naively += std::abs(*blind.value) > 1.96 * *blind.error ? 1 : 0;
  }
  CAF_MESSAGE(found << " of " << seeds << " are significant, " << naively
                    << " if the overlap is ignored");
  CAF_CHECK(found <= seeds * 12 / 100);
  CAF_CHECK(naively > seeds / 2);
}

CAF_TEST(records_that_do_not_fit_are_refused) {
  auto record = planted(1, 10, 0, 0);
  record.naive.pop_back();
  auto why = measure_forecasts(record).error().text;
  CAF_CHECK_EQUAL(why, "forecasts: expected one value a level for each of 10 "
                       "outcomes, found 90 and 89 naive ones");
  CAF_CHECK(!measure_forecasts({}));
  CAF_CHECK(!measure_forecasts(planted(1, 1, 0, 0)));
  record = planted(1, 10, 0, 0);
  record.quantiles[3] = NAN;
  CAF_CHECK(!measure_forecasts(record));
}
