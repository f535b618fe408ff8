#define CAF_SUITE outlook_monitors

#include "models/outlook/answer_times.hpp"
#include "models/outlook/coverage.hpp"
#include "models/outlook/disagreement.hpp"
#include "models/outlook/drift.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <random>

using namespace qalpha;

namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

bool is_near(double a, double b, double tolerance = 1e-12) {
  return std::abs(a - b) <= tolerance;
}

/// @returns 0, 1, ... 999.
std::vector<double> thousand() {
  std::vector<double> result;
  for (int i = 0; i < 1000; ++i)
    result.push_back(i);
  return result;
}

} // namespace

CAF_TEST(ten_bins_hold_a_tenth_each) {
  auto bins = make_bins(thousand());
  CAF_REQUIRE(bins);
  CAF_CHECK_EQUAL(bins->edges[0], 99);
  CAF_CHECK_EQUAL(bins->edges[8], 899);
  for (auto share : bins->shares)
    CAF_CHECK(is_near(share, 0.1));
  CAF_CHECK_EQUAL(bin_of(*bins, -1e9), 0u);
  CAF_CHECK_EQUAL(bin_of(*bins, 99), 0u);
  CAF_CHECK_EQUAL(bin_of(*bins, 99.5), 1u);
  CAF_CHECK_EQUAL(bin_of(*bins, 1e9), 9u);
}

CAF_TEST(equal_values_share_a_bin_and_its_weight) {
  std::vector<double> values(1000, 5.0);
  std::fill(values.begin(), values.begin() + 250, 1.0);
  values.push_back(nan);
  auto bins = make_bins(values);
  CAF_REQUIRE(bins);
  CAF_CHECK(is_near(bins->shares[bin_of(*bins, 1.0)], 0.25));
  CAF_CHECK(is_near(bins->shares[bin_of(*bins, 5.0)], 0.75));
  CAF_CHECK(!make_bins(std::vector<double>{nan}));
  CAF_MESSAGE("the same world has no drift although its bins are no tenths");
  std::array<uint32_t, drift_bins> counts{};
  counts[bin_of(*bins, 1.0)] = 25;
  counts[bin_of(*bins, 5.0)] = 75;
  CAF_CHECK(is_near(stability_index(*bins, counts), 0));
}

CAF_TEST(the_stability_index_is_the_formula) {
  auto bins = *make_bins(thousand());
  std::array<uint32_t, drift_bins> same;
  same.fill(50);
  CAF_CHECK(is_near(stability_index(bins, same), 0));
  CAF_MESSAGE("two bins trade half of their values");
  auto moved = same;
  moved[0] = 25;
  moved[9] = 75;
  CAF_CHECK(is_near(stability_index(bins, moved),
                    -0.05 * std::log(0.5) + 0.05 * std::log(1.5)));
  CAF_MESSAGE("an empty bin counts as one in ten thousand");
  std::array<uint32_t, drift_bins> one{};
  one[3] = 500;
  CAF_CHECK(is_near(stability_index(bins, one),
                    0.9 * std::log(10.0) + 9 * (1e-4 - 0.1) * std::log(1e-3)));
}

CAF_TEST(drift_names_the_worst_column_of_the_last_values) {
  auto bins = *make_bins(thousand());
  drift_monitor monitor{{bins, bins}};
  std::mt19937_64 dice{1};
  std::uniform_real_distribution<double> level{0, 1000};
  for (size_t i = 0; i + 1 < drift_monitor::window; ++i)
    monitor.add(std::array{level(dice), level(dice)});
  CAF_CHECK(!monitor.worst());
  monitor.add(std::array{level(dice), level(dice)});
  CAF_REQUIRE(monitor.worst());
  CAF_CHECK(monitor.worst()->index < 0.1);
  for (size_t i = 0; i < drift_monitor::window; ++i)
    monitor.add(std::array{level(dice), 500.0});
  CAF_CHECK_EQUAL(monitor.worst()->column, 1u);
  CAF_CHECK(monitor.worst()->index > 5);
  CAF_MESSAGE("what is old is forgotten, what is undefined never counted");
  for (size_t i = 0; i < drift_monitor::window; ++i)
    monitor.add(std::array{nan, level(dice)});
  CAF_CHECK(monitor.worst()->index < 0.1);
}

CAF_TEST(coverage_counts_outcomes_below_each_quantile) {
  coverage_monitor monitor{{0.1, 0.5, 0.9}};
  std::vector<double> quantiles{-1, 0, 1};
  CAF_MESSAGE("20 below all, 60 in the lower half, 100 in the upper, 20 above");
  auto add = [&](int count, double outcome) {
    for (int i = 0; i < count; ++i)
      monitor.add(quantiles, outcome);
  };
  add(20, -2);
  add(60, -0.5);
  add(100, 0.5);
  add(19, 2);
  CAF_CHECK(!monitor.below());
  monitor.add(std::vector<double>{-1, nan, 1}, 2);
  monitor.add(quantiles, nan);
  monitor.add(std::vector<double>{-1, 0}, 2);
  CAF_CHECK_EQUAL(monitor.size(), 199u);
  add(1, 2);
  auto below = monitor.below();
  CAF_REQUIRE(below);
  CAF_CHECK(is_near((*below)[0], 0.1));
  CAF_CHECK(is_near((*below)[1], 0.4));
  CAF_CHECK(is_near((*below)[2], 0.9));
  CAF_CHECK(is_near(*monitor.between(0.1, 0.9), 0.8));
  CAF_CHECK(!monitor.between(0.2, 0.9));
  CAF_MESSAGE("the window moves on, an outcome on a quantile is not above it");
  add(200, -1);
  CAF_CHECK(is_near((*monitor.below())[0], 1));
  CAF_CHECK(is_near(*monitor.between(0.1, 0.9), 0));
}

CAF_TEST(disagreement_is_half_the_difference_averaged) {
  disagreement_monitor monitor;
  CAF_CHECK(!monitor.average());
  monitor.add(nan, 1);
  CAF_CHECK(!monitor.average());
  monitor.add(1, -1);
  CAF_CHECK(is_near(*monitor.average(), 1));
  monitor.add(0.5, 0.5);
  CAF_CHECK(is_near(*monitor.average(), 9.0 / 11));
  CAF_CHECK_EQUAL(monitor.high_in_a_row(), 2u);
  CAF_MESSAGE("(9/11)^n falls below 0.3 at n = 6");
  for (int i = 0; i < 4; ++i)
    monitor.add(0, 0);
  CAF_CHECK_EQUAL(monitor.high_in_a_row(), 6u);
  monitor.add(0, 0);
  CAF_CHECK(is_near(*monitor.average(), std::pow(9.0 / 11, 6)));
  CAF_CHECK_EQUAL(monitor.high_in_a_row(), 0u);
  CAF_CHECK_EQUAL(monitor.low_in_a_row(), 1u);
  CAF_MESSAGE("an opinion beyond its range counts as its end");
  disagreement_monitor wild;
  wild.add(7, -7);
  CAF_CHECK(is_near(*wild.average(), 1));
  CAF_MESSAGE("the limit itself is too much");
  disagreement_monitor edge;
  edge.add(0.6, 0);
  CAF_CHECK_EQUAL(edge.high_in_a_row(), 1u);
}

CAF_TEST(answer_times_know_the_slowest_in_a_hundred) {
  using std::chrono::milliseconds;
  answer_times times;
  CAF_CHECK(!times.p99());
  times.add(milliseconds{7});
  CAF_CHECK(times.p99() == timespan{milliseconds{7}});
  for (int i = 1; i <= 99; ++i)
    times.add(milliseconds{i});
  CAF_CHECK(times.p99() == timespan{milliseconds{98}});
  times.add(milliseconds{500});
  CAF_CHECK(times.p99() == timespan{milliseconds{99}});
  CAF_CHECK_EQUAL(times.answers(), 101u);
  for (size_t i = 0; i < answer_times::window; ++i)
    times.add(milliseconds{1});
  CAF_CHECK(times.p99() == timespan{milliseconds{1}});
}
