#define CAF_SUITE fracdiff_unit_root

#include "models/features/fracdiff/unit_root.hpp"
#include "models/features/fracdiff/smallest_order.hpp"

#include <caf/test/unit_test.hpp>

#include <random>

using namespace qalpha;

namespace {

std::vector<double> autoregressive(uint64_t seed, size_t size, double factor) {
  std::mt19937_64 random{seed};
  std::normal_distribution<double> normal;
  std::vector<double> result(size);
  double x = 0;
  for (auto& value : result)
    value = x = factor * x + normal(random);
  return result;
}

std::string fault_of(const std::vector<double>& series,
                     const adf_options& options = {}) {
  auto result = adf_test(series, options);
  return result ? "none" : result.error().text;
}

} // namespace

CAF_TEST(a_random_walk_is_told_from_what_returns_to_its_mean) {
  auto walk = adf_test(autoregressive(1, 5'000, 1));
  auto returning = adf_test(autoregressive(1, 5'000, 0.9));
  CAF_REQUIRE(walk && returning);
  CAF_CHECK(!walk->is_stationary());
  CAF_CHECK(returning->is_stationary(0.001));
}

CAF_TEST(level_and_unit_of_a_series_do_not_matter) {
  for (auto regression : {adf_regression::constant, adf_regression::trend,
                          adf_regression::quadratic_trend}) {
    auto series = autoregressive(2, 2'000, 0.99);
    adf_options options{.regression = regression};
    auto before = adf_test(series, options);
    for (auto& x : series)
      x = 1e6 + 1e-3 * x;
    auto after = adf_test(series, options);
    CAF_REQUIRE(before && after);
    CAF_CHECK_EQUAL(before->lag, after->lag);
    // The series itself has lost digits.
    CAF_CHECK(std::abs(before->statistic - after->statistic) < 1e-5);
  }
}

CAF_TEST(what_has_no_statistic_is_called_so) {
  std::vector<double> constant(100, 5.0);
  std::vector<double> line(100);
  for (size_t i = 0; i < line.size(); ++i)
    line[i] = 3 + 0.1 * static_cast<double>(i);
  for (const auto& series : {constant, line}) {
    auto result = adf_test(series);
    CAF_REQUIRE(result);
    CAF_CHECK(result->outcome == adf_outcome::rank_deficient);
    CAF_CHECK(std::isnan(result->statistic) && std::isnan(result->p_value));
    CAF_CHECK(!result->is_stationary());
  }
  auto few = autoregressive(3, 12, 0.5);
  auto result = adf_test(few, {.regression = adf_regression::none});
  CAF_REQUIRE(result);
  CAF_CHECK(result->outcome == adf_outcome::saturated);
  CAF_CHECK(!result->is_stationary());
}

CAF_TEST(what_cannot_be_tested_is_named) {
  CAF_CHECK_EQUAL(fault_of({}), "series: expected at least 4 values, found 0");
  CAF_CHECK_EQUAL(fault_of({1, 2, 3}),
                  "series: expected at least 4 values, found 3");
  CAF_CHECK_EQUAL(fault_of({1}, {.regression = adf_regression::none}),
                  "series: expected at least 2 values, found 1");
  CAF_CHECK_EQUAL(fault_of({1, std::nan(""), 3, 4, 5}),
                  "series[1]: expected a finite number, found nan");
  CAF_CHECK_EQUAL(fault_of(autoregressive(4, 20, 1), {.max_lag = 9}),
                  "max_lag must be at most 8 for 20 values, was 9");
}

CAF_TEST(short_series_of_any_kind_give_a_result_or_a_fault) {
  for (size_t size = 0; size < 40; ++size)
    for (size_t regression = 0; regression < 4; ++regression)
      for (size_t rule = 0; rule < 4; ++rule) {
        auto result = adf_test(autoregressive(size, size, 0.8),
                               {static_cast<adf_regression>(regression),
                                static_cast<adf_lag_rule>(rule),
                                {}});
        if (result && result->outcome == adf_outcome::tested)
          CAF_CHECK(result->p_value >= 0 && result->p_value <= 1);
      }
}

CAF_TEST(the_order_found_is_the_smallest_from_which_all_are_stationary) {
  std::vector<double> logs = autoregressive(5, 3'000, 1);
  for (auto& x : logs)
    x *= 0.001;
  auto found = find_smallest_order(logs);
  CAF_REQUIRE(found && found->smallest);
  const auto& tried = found->tried;
  CAF_CHECK_EQUAL(tried.size(), 21u);
  for (size_t i = *found->smallest; i < tried.size(); ++i)
    CAF_CHECK(tried[i].test->is_stationary());
  CAF_CHECK(!tried[*found->smallest - 1].test
            || !tried[*found->smallest - 1].test->is_stationary());
  CAF_CHECK(std::abs(tried.front().correlation - 1) < 1e-12);
  CAF_CHECK(tried.back().correlation < 0.2);
  CAF_CHECK_EQUAL(found->keeps_the_level(),
                  tried[*found->smallest].correlation >= 0.9);
}

CAF_TEST(orders_whose_window_is_too_long_are_left_untested) {
  auto logs = autoregressive(6, 300, 1);
  auto found = find_smallest_order(logs);
  CAF_REQUIRE(found);
  // 0.1 needs 503 rows, 1 needs two.
  CAF_CHECK_EQUAL(found->tried[2].window, 503u);
  CAF_CHECK(!found->tried[2].test);
  CAF_CHECK(found->tried[20].test);
  auto none = find_smallest_order({});
  CAF_REQUIRE(none);
  CAF_CHECK(!none->smallest);
}

CAF_TEST(a_search_that_makes_no_sense_is_named) {
  std::vector<double> logs(100, 1.0);
  auto fault_of_search = [&](const order_search& search) {
    auto result = find_smallest_order(logs, search);
    return result ? "none" : result.error().text;
  };
  CAF_CHECK_EQUAL(fault_of_search({.step = 0}),
                  "step must be 0.001 to 1, was 0");
  CAF_CHECK_EQUAL(fault_of_search({.threshold = 0}),
                  "threshold must be 1e-06 to below 1, was 0");
  CAF_CHECK_EQUAL(fault_of_search({.level = 1}),
                  "level must be between 0 and 1, was 1");
  logs[3] = std::nan("");
  CAF_CHECK_EQUAL(fault_of_search({}),
                  "logs[3]: expected a finite number, found nan");
}
