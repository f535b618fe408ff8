#define CAF_SUITE rolling_folds

// Folds of the last rows against their definition.

#include "models/features/rolling/folds.hpp"
#include "models/features/rolling/lag.hpp"
#include "models/features/rolling/window_fold.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <random>
#include <vector>

using namespace qalpha;

namespace {

std::vector<double> random_numbers(uint64_t seed, double mean, size_t count) {
  std::mt19937_64 random{seed};
  std::normal_distribution<double> normal{mean, 1};
  std::vector<double> result;
  for (size_t i = 0; i < count; ++i)
    result.push_back(normal(random));
  return result;
}

/// Sum of the products of powers of deviations, in twice the digits.
double power_sum(const std::vector<double>& x, const std::vector<double>& y,
                 size_t from, size_t to, int powers_of_x, int powers_of_y) {
  long double mean_x = 0;
  long double mean_y = 0;
  for (auto i = from; i < to; ++i) {
    mean_x += x[i] / static_cast<long double>(to - from);
    mean_y += y[i] / static_cast<long double>(to - from);
  }
  long double result = 0;
  for (auto i = from; i < to; ++i)
    result += std::pow(x[i] - mean_x, powers_of_x)
              * std::pow(y[i] - mean_y, powers_of_y);
  return static_cast<double>(result);
}

void require_close(double actual, double expected, double scale) {
  if (!(std::abs(actual - expected) <= 1e-11 * scale))
    CAF_FAIL(actual << ", not " << expected);
}

void check(size_t length, double mean) {
  auto x = random_numbers(length, mean, 3 * length + 50);
  auto y = random_numbers(length + 1, -mean, x.size());
  window_fold<shape_moments> shape{length};
  window_fold<moments> spread{length};
  window_fold<pair_moments> both{length};
  window_fold<sums<2>> all{length};
  window_fold<largest> most{length};
  for (size_t i = 0; i < x.size(); ++i) {
    auto a = shape.add(shape_moments::of(x[i]));
    auto b = spread.add(moments::of(x[i]));
    auto c = both.add(pair_moments::of(x[i], y[i]));
    auto d = all.add({{x[i], 1}});
    auto e = most.add({x[i]});
    CAF_REQUIRE_EQUAL(spread.full(), i + 1 >= length);
    auto from = i + 1 < length ? 0 : i + 1 - length;
    auto to = i + 1;
    auto count = static_cast<double>(to - from);
    // Deviations of numbers at `mean` are known to as many digits.
    auto scale = count * (1 + std::abs(mean));
    CAF_REQUIRE_EQUAL(b.count, count);
    CAF_REQUIRE_EQUAL(d.of[1], count);
    CAF_REQUIRE_EQUAL(e.value,
                      *std::max_element(x.begin() + static_cast<long>(from),
                                        x.begin() + static_cast<long>(to)));
    require_close(d.of[0], b.mean * count, scale);
    require_close(b.squares, power_sum(x, y, from, to, 2, 0), scale);
    require_close(a.squares, power_sum(x, y, from, to, 2, 0), scale);
    require_close(a.cubes, power_sum(x, y, from, to, 3, 0), 10 * scale);
    require_close(a.fourths, power_sum(x, y, from, to, 4, 0), 100 * scale);
    require_close(c.xy, power_sum(x, y, from, to, 1, 1), scale);
    require_close(c.yy, power_sum(x, y, from, to, 0, 2), scale);
  }
}

} // namespace

CAF_TEST(windows_are_folded_as_defined) {
  for (size_t length : {1, 2, 3, 4, 7, 60, 61})
    for (double mean : {0.0, 1e3})
      check(length, mean);
  CAF_CHECK(true);
}

CAF_TEST(equal_values_have_exactly_no_deviation) {
  window_fold<shape_moments> shape{30};
  window_fold<pair_moments> both{30};
  for (size_t i = 0; i < 100; ++i) {
    auto a = shape.add(shape_moments::of(0.1));
    auto b = both.add(pair_moments::of(0.1, static_cast<double>(i)));
    CAF_REQUIRE_EQUAL(a.mean, 0.1);
    CAF_REQUIRE_EQUAL(a.squares, 0.0);
    CAF_REQUIRE_EQUAL(a.fourths, 0.0);
    CAF_REQUIRE_EQUAL(b.xx, 0.0);
    CAF_REQUIRE_EQUAL(b.xy, 0.0);
  }
}

CAF_TEST(a_wild_value_leaves_no_trace) {
  window_fold<moments> tame{10};
  window_fold<moments> wild{10};
  auto x = random_numbers(5, 0, 100);
  for (size_t i = 0; i < x.size(); ++i) {
    auto a = tame.add(moments::of(x[i]));
    auto b = wild.add(moments::of(i == 33 ? 1e200 : x[i]));
    if (i >= 43)
      CAF_REQUIRE_EQUAL(a.squares, b.squares);
  }
}

CAF_TEST(a_lag_gives_back_what_came_before) {
  for (size_t rows : {1, 2, 5}) {
    lag column{rows};
    for (size_t i = 0; i < 20; ++i) {
      auto before = column.replace(static_cast<double>(i));
      if (i < rows)
        CAF_CHECK(std::isnan(before));
      else
        CAF_CHECK_EQUAL(before, static_cast<double>(i - rows));
    }
  }
}
