#define CAF_SUITE sharpe

#include "models/evaluation/sharpe.hpp"

#include "models/evaluation/normal.hpp"
#include "tests/models/evaluation/trials.hpp"
#include "tests/models/golden_files.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr double tolerance = 1e-12;

return_moments normal_moments(double sharpe, size_t count) {
  return {.count = count, .mean = sharpe, .deviation = 1};
}

} // namespace

CAF_TEST(normal_quantile_inverts_the_probability) {
  CAF_CHECK(normal_probability(0) == 0.5);
  CAF_CHECK(close_to(normal_quantile(0.975), 1.959963984540054, tolerance));
  for (auto p : {1e-12, 1e-4, 0.02425, 0.3, 0.5, 0.9, 0.999999})
    CAF_CHECK(close_to(normal_probability(normal_quantile(p)), p, tolerance));
  CAF_CHECK(std::isinf(normal_quantile(0)) && normal_quantile(0) < 0);
  CAF_CHECK(std::isinf(normal_quantile(1)) && normal_quantile(1) > 0);
}

CAF_TEST(probabilistic_ratios_equal_golden_values) {
  auto golden = golden_json("backtest/metrics.json");
  auto compared = 0;
  for (const auto& entry : golden.GetObject()) {
    if (!entry.value.HasMember("psr") || entry.value["psr"].IsNull())
      continue;
    auto name = std::string{entry.name.GetString()};
    CAF_MESSAGE(name);
    auto ours = measure_moments(golden_numbers("backtest/returns.csv", name));
    CAF_REQUIRE(ours);
    const auto& moments = entry.value["moments"];
    CAF_CHECK(close_to(ours->mean, number_of(moments["mean"]), tolerance));
    CAF_CHECK(
      close_to(ours->deviation, number_of(moments["std_ddof1"]), tolerance));
    CAF_CHECK(close_to(ours->skew, number_of(moments["skew_biased"])));
    CAF_CHECK(
      close_to(ours->kurtosis, number_of(moments["kurt_biased_pearson"])));
    CAF_CHECK(
      close_to(*sharpe_error(*ours), number_of(entry.value["psr_sr_std"])));
    for (auto benchmark : {"0.0", "0.02", "0.05", "0.1"}) {
      auto key = "sr_star_" + std::string{benchmark};
      CAF_CHECK(close_to(*probabilistic_sharpe(*ours, std::stod(benchmark)),
                         number_of(entry.value["psr"][key.c_str()])));
    }
    auto record = minimum_track_record(*ours);
    // The reference squares the sign of a loss away.
    if (ours->mean > 0)
      CAF_CHECK(close_to(*record, number_of(entry.value["min_trl_95"])));
    else
      CAF_CHECK(!record);
    ++compared;
  }
  CAF_CHECK(compared >= 4);
}

CAF_TEST(deflated_ratios_equal_golden_values) {
  auto golden = golden_json("backtest/overfitting.json");
  for (const auto& entry : golden["cases"].GetArray()) {
    CAF_MESSAGE(entry["file"].GetString());
    auto trials = golden_trials(entry);
    auto summary = summarise_trials(trials);
    CAF_REQUIRE(summary);
    CAF_CHECK_EQUAL(summary->count, entry["num_independent_trials"].GetUint());
    CAF_CHECK(close_to(std::sqrt(summary->variance),
                       number_of(entry["sr_std_ddof1"]), tolerance));
    auto best = measure_moments(trials[entry["best"].GetUint()]);
    CAF_CHECK(close_to(best->sharpe(), number_of(entry["sr_best"])));
    CAF_CHECK(close_to(expected_best_sharpe(*summary),
                       number_of(entry["expected_max_sr_ind"])));
    CAF_CHECK(
      close_to(*deflated_sharpe(*best, *summary), number_of(entry["dsr_ind"])));
    trial_summary all{trials.size(), summary->variance};
    CAF_CHECK(close_to(expected_best_sharpe(all),
                       number_of(entry["expected_max_sr_allN"])));
    CAF_CHECK(
      close_to(*deflated_sharpe(*best, all), number_of(entry["dsr_allN"])));
    CAF_CHECK(close_to(expected_maximum(trials.size()),
                       number_of(entry["expected_max_z"])));
  }
}

CAF_TEST(a_normal_ratio_has_the_error_of_the_closed_form) {
  // Lo 2002: √((1 + SR² / 2) / (n − 1)).
  auto moments = normal_moments(0.1, 401);
  CAF_CHECK(close_to(*sharpe_error(moments), std::sqrt(1.005 / 400), 1e-15));
  CAF_CHECK(close_to(*probabilistic_sharpe(moments, 0.1), 0.5, 1e-15));
}

CAF_TEST(a_record_of_minimum_length_reaches_the_confidence) {
  auto moments = normal_moments(0.07, 100);
  moments.skew = -0.6;
  moments.kurtosis = 7;
  auto length = minimum_track_record(moments, 0.01, 0.9);
  CAF_REQUIRE(length);
  moments.count = static_cast<size_t>(std::ceil(*length));
  CAF_CHECK(*probabilistic_sharpe(moments, 0.01) >= 0.9);
  moments.count = static_cast<size_t>(std::floor(*length)) - 1;
  CAF_CHECK(*probabilistic_sharpe(moments, 0.01) < 0.9);
}

CAF_TEST(one_trial_is_not_deflated) {
  auto moments = normal_moments(0.1, 300);
  CAF_CHECK(expected_maximum(1) == 0);
  CAF_CHECK(*deflated_sharpe(moments, {1, 0.01})
            == *probabilistic_sharpe(moments));
}

CAF_TEST(more_trials_deflate_more) {
  auto moments = normal_moments(0.1, 300);
  auto before = 1.0;
  for (size_t trials : {1u, 2u, 5u, 20u, 100u, 10'000u}) {
    auto now = *deflated_sharpe(moments, {trials, 0.002});
    CAF_CHECK(now < before);
    before = now;
  }
}

CAF_TEST(expected_maximum_is_near_that_of_draws) {
  random_stream random{11, 0};
  for (size_t trials : {10u, 100u}) {
    auto sum = 0.0;
    constexpr auto rounds = 4'000;
    for (auto round = 0; round < rounds; ++round) {
      auto most = -1e9;
      for (size_t i = 0; i < trials; ++i)
        most = std::max(most, normal_of(random));
      sum += most;
    }
    CAF_MESSAGE(sum / rounds << " for " << expected_maximum(trials));
    CAF_CHECK(std::abs(sum / rounds - expected_maximum(trials)) < 0.05);
  }
}

CAF_TEST(equal_trials_are_one_and_unlike_ones_are_as_many_as_there_are) {
  CAF_CHECK_EQUAL(independent_trials(1, 50), 2u);
  CAF_CHECK_EQUAL(independent_trials(0, 50), 50u);
  CAF_CHECK_EQUAL(independent_trials(-0.3, 50), 50u);
  CAF_CHECK_EQUAL(independent_trials(0.9, 1), 1u);
}

CAF_TEST(what_has_no_ratio_says_why) {
  CAF_CHECK(!measure_moments({}));
  CAF_CHECK(!measure_moments(std::vector<double>{0.1}));
  CAF_CHECK(!measure_moments(std::vector<double>{0.1, 0.1, 0.1}));
  CAF_CHECK(!measure_moments(std::vector<double>{0.1, NAN}));
  CAF_CHECK(!sharpe_error({}));
  std::vector<std::vector<double>> trials{{0.1, 0.2, 0.0}, {0.1, 0.2}};
  auto why = [&] { return summarise_trials(trials).error().text; };
  CAF_CHECK_EQUAL(why(),
                  "trial 2: expected 3 returns as in the first, found 2");
  trials[1] = {0, 0, 0};
  CAF_CHECK_EQUAL(why(),
                  "trial 2: returns: expected different values, found equal "
                  "ones");
}

CAF_TEST(the_best_of_many_random_walks_is_rarely_significant) {
  auto significant = 0;
  auto naively = 0;
  constexpr auto seeds = 400;
  for (auto seed = 1; seed <= seeds; ++seed) {
    auto trials = random_trials(static_cast<uint64_t>(seed), 20, 250);
    auto summary = *summarise_trials(trials);
    return_moments best{.mean = -1e9, .deviation = 1};
    for (const auto& one : trials)
      if (auto now = *measure_moments(one); now.sharpe() > best.sharpe())
        best = now;
    significant += *deflated_sharpe(best, summary) > 0.95 ? 1 : 0;
    naively += *probabilistic_sharpe(best) > 0.95 ? 1 : 0;
  }
  CAF_MESSAGE(significant << " of " << seeds << " are significant, " << naively
                          << " if nobody counted the trials");
  CAF_CHECK(significant <= seeds / 20);
  CAF_CHECK(naively > seeds / 2);
}
