#define CAF_SUITE fracdiff_differences

#include "models/features/catalogue.hpp"
#include "models/features/fracdiff/column.hpp"
#include "models/features/fracdiff/weights.hpp"

#include <caf/test/unit_test.hpp>

#include <numeric>
#include <random>

using namespace qalpha;

namespace {

std::vector<double> random_walk(uint64_t seed, size_t size,
                                double start = 10.0) {
  std::mt19937_64 random{seed};
  std::normal_distribution<double> step{0, 0.001};
  std::vector<double> result(size);
  for (auto& x : result)
    x = start += step(random);
  return result;
}

std::vector<double> by_the_feature(const std::vector<double>& prices, double d,
                                   double threshold) {
  std::vector values{d, threshold};
  auto made = find_feature("fracdiff")->make(values);
  CAF_REQUIRE(made);
  std::vector<double> result(prices.size());
  const double* in = prices.data();
  double* out = result.data();
  made->object->update(&in, &out, prices.size());
  return result;
}

std::string fault_of(const std::vector<double>& logs, double d,
                     double threshold) {
  auto result = fracdiff_column(logs, d, threshold);
  return result ? "none" : result.error().text;
}

} // namespace

CAF_TEST(order_zero_is_the_logarithm_and_order_one_its_difference) {
  std::vector<double> prices{100, 110, 99, 105};
  auto zero = by_the_feature(prices, 0, 1e-4);
  auto one = by_the_feature(prices, 1, 1e-4);
  for (size_t i = 0; i < prices.size(); ++i)
    CAF_CHECK(zero[i] == std::log(prices[i]));
  CAF_CHECK(std::isnan(one[0]));
  for (size_t i = 1; i < prices.size(); ++i)
    CAF_CHECK(one[i] == std::log(prices[i]) - std::log(prices[i - 1]));
}

CAF_TEST(weights_end_before_the_first_that_is_too_small) {
  CAF_CHECK_EQUAL(fracdiff_weights(0.4, 1e-5)->size(), 1'458u);
  CAF_CHECK_EQUAL(fracdiff_weights(2, 1e-5)->size(), 3u);
  auto weights = *fracdiff_weights(0.3, 1e-4);
  CAF_CHECK(std::abs(weights.back()) >= 1e-4);
  auto k = static_cast<double>(weights.size());
  CAF_CHECK(std::abs(weights.back() * (0.3 - k + 1) / k) < 1e-4);
}

CAF_TEST(a_whole_column_is_as_the_feature_but_for_the_last_bits) {
  for (auto [d, threshold] : {std::pair{0.4, 1e-5}, std::pair{0.4, 1e-3},
                              std::pair{0.1, 1e-5}, std::pair{1.4, 1e-4}}) {
    for (auto start : {10.0, -2.0, 0.0}) {
      auto logs = random_walk(1, 10'000, start);
      std::vector<double> prices(logs.size());
      for (size_t i = 0; i < logs.size(); ++i) {
        prices[i] = std::exp(logs[i]);
        logs[i] = std::log(prices[i]);
      }
      auto rows = by_the_feature(prices, d, threshold);
      auto column = fracdiff_column(logs, d, threshold);
      CAF_REQUIRE(column);
      double largest = 0;
      double worst = 0;
      for (size_t i = 0; i < logs.size(); ++i) {
        largest = std::max(largest, std::abs(logs[i]));
        if (std::isnan(rows[i]) != std::isnan((*column)[i]))
          CAF_FAIL("row " << i);
        if (!std::isnan(rows[i]))
          worst = std::max(worst, std::abs(rows[i] - (*column)[i]));
      }
      auto unit = std::nextafter(largest, 2 * largest) - largest;
      CAF_MESSAGE("d " << d << " from " << start << ": " << worst / unit
                       << " units");
      CAF_CHECK(worst <= 8 * unit);
    }
  }
}

CAF_TEST(a_column_is_cut_into_blocks_without_a_seam) {
  // Around the length of a block, whatever it is.
  auto window = fracdiff_weights(0.4, 1e-4)->size();
  auto logs = random_walk(2, 5'000);
  auto whole = *fracdiff_column(logs, 0.4, 1e-4);
  for (size_t size :
       {window + 1, size_t{1'024}, size_t{2'048}, size_t{2'049}, size_t{3'815},
        size_t{3'816}, size_t{3'817}, size_t{4'097}}) {
    auto part = *fracdiff_column(std::span{logs}.first(size), 0.4, 1e-4);
    CAF_REQUIRE_EQUAL(part.size(), size);
    for (auto i = window - 1; i < size; ++i)
      CAF_CHECK(std::abs(part[i] - whole[i]) < 1e-14);
  }
}

CAF_TEST(what_cannot_be_differenced_is_named) {
  auto logs = random_walk(3, 282);
  CAF_CHECK_EQUAL(fault_of(logs, 0.4, 1e-4),
                  "the window has 282 rows, expected more in the column, found "
                  "282");
  CAF_CHECK_EQUAL(fault_of({}, 0, 1e-4), "the window has 1 rows, expected more "
                                         "in the column, found 0");
  CAF_CHECK_EQUAL(fault_of(logs, -0.1, 1e-4), "d must be 0 to 2, was -0.1");
  CAF_CHECK_EQUAL(fault_of(logs, std::nan(""), 1e-4),
                  "d must be 0 to 2, was nan");
  CAF_CHECK_EQUAL(fault_of(logs, 0.4, 0),
                  "threshold must be 1e-06 to below 1, was 0");
  CAF_CHECK_EQUAL(fault_of(logs, 0.4, 1),
                  "threshold must be 1e-06 to below 1, was 1");
  logs[17] = std::numeric_limits<double>::infinity();
  CAF_CHECK_EQUAL(fault_of(logs, 0.4, 1e-2),
                  "logs[17]: expected a finite number, found inf");
}
