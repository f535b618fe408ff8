#define CAF_SUITE linear_forecast

#include "models/outlook/linear_forecast.hpp"

#include "models/evaluation/normal.hpp"
#include "models/features/market_columns.hpp"
#include "models/simulation/random_stream.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

using namespace qalpha;

namespace {

constexpr double hour_ms = 3'600'000;

/// Returns follow the one before: r = slope × last + noise.
market_rows following_market(uint64_t seed, size_t rows, double slope) {
  random_stream random{seed, 0};
  market_rows result{.name = "A", .columns = {}};
  auto price = 100.0;
  auto last = 0.0;
  for (size_t i = 0; i < rows; ++i) {
    auto uniform = (static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53;
    auto now = slope * last + 0.01 * normal_quantile(uniform);
    auto open = price;
    price *= std::exp(now);
    last = now;
    auto put = [&](const char* column, double value) {
      result.columns[market_column_index(column)].push_back(value);
    };
    put("time", hour_ms * static_cast<double>(i + 1));
    put("open", open);
    put("high", std::max(open, price));
    put("low", std::min(open, price));
    put("close", price);
    put("volume", 1);
  }
  return result;
}

linear_forecast_settings settings_of(size_t horizon) {
  return {.features = {std::chrono::hours{1},
                       {{"log_return", "last", {}, {{"period", 1}}}}},
          .horizon = horizon,
          .levels = {0.1, 0.5, 0.9},
          .shrinkage = 1e-6};
}

std::string reason_of(const linear_forecast_settings& settings) {
  auto made = make_linear_forecasts(settings);
  return made ? "made" : made.error().text;
}

} // namespace

CAF_TEST(a_line_is_found_with_its_spread) {
  std::vector<market_rows> history{following_market(3, 20'000, 0.5)};
  auto maker = make_linear_forecasts(settings_of(2));
  CAF_REQUIRE(maker);
  auto model = (*maker)->make(history);
  CAF_REQUIRE(model);
  CAF_CHECK_EQUAL((*model)->shape().lookback, 1u);
  // The last return, and the volatility by which everything is divided: of a
  // year, taken as if bars were minutes.
  auto usual = 0.01 / std::sqrt(0.75) * std::sqrt(365 * 1'440);
  auto ask = [&](double last) {
    std::vector<double> row{last, usual};
    return *(*model)->predict({.past = row, .known = {}, .series = 0});
  };
  auto up = ask(0.01).quantiles;
  auto down = ask(-0.01).quantiles;
  CAF_REQUIRE_EQUAL(up.size(), 6u);
  CAF_MESSAGE(
    "one bar ahead half of it is left, two bars ahead three quarters");
  CAF_CHECK(std::abs(up[1] - 0.005) < 5e-4);
  CAF_CHECK(std::abs(down[1] + 0.005) < 5e-4);
  CAF_CHECK(std::abs(up[4] - 0.0075) < 1e-3);
  CAF_CHECK(std::is_sorted(up.begin(), up.begin() + 3));
  CAF_MESSAGE("the noise of one bar has a deviation of 0.01");
  CAF_CHECK(std::abs((up[2] - up[0]) - 2 * 1.2816 * 0.01) < 1.5e-3);
}

CAF_TEST(quantiles_are_as_wide_as_the_volatility_of_the_moment) {
  std::vector<market_rows> history{following_market(4, 2'000, 0)};
  auto model = (*make_linear_forecasts(settings_of(1)))->make(history);
  auto width = [&](double volatility) {
    std::vector<double> row{0, volatility};
    auto said = *(*model)->predict({.past = row, .known = {}, .series = 0});
    CAF_CHECK(std::isfinite(said.quantiles[1]));
    return said.quantiles[2] - said.quantiles[0];
  };
  CAF_CHECK(std::abs(width(0.02) / width(0.01) - 2) < 1e-9);
}

CAF_TEST(rows_that_a_gap_parts_are_not_learned_from) {
  auto rows = following_market(5, 400, 0);
  auto maker = make_linear_forecasts(settings_of(24));
  CAF_REQUIRE((*maker)->make(std::vector{rows}));
  CAF_MESSAGE("a bar is missing after every 20");
  market_rows holes{.name = "A", .columns = {}};
  for (size_t i = 0; i < rows.rows(); ++i)
    for (size_t c = 0; c < rows.columns.size(); ++c)
      if (i % 21 != 20 && !rows.columns[c].empty())
        holes.columns[c].push_back(rows.columns[c][i]);
  auto made = (*maker)->make(std::vector{holes});
  auto why = made ? "made" : made.error().text;
  CAF_CHECK_EQUAL(why, "linear: expected at least 100 rows to learn from, "
                       "found 0");
}

CAF_TEST(what_cannot_be_said_is_a_fault) {
  std::vector<market_rows> history{following_market(6, 2'000, 0)};
  auto model = (*make_linear_forecasts(settings_of(1)))->make(history);
  std::vector<double> row{0, 0};
  CAF_CHECK(!(*model)->predict({.past = row, .known = {}, .series = 0}));
  row = {NAN, 1};
  CAF_CHECK(!(*model)->predict({.past = row, .known = {}, .series = 0}));
  row = {0};
  CAF_CHECK(!(*model)->predict({.past = row, .known = {}, .series = 0}));
  history.front().columns[market_column_index("close")].clear();
  CAF_CHECK(!(*make_linear_forecasts(settings_of(1)))->make(history));
}

CAF_TEST(settings_out_of_range_are_refused) {
  CAF_CHECK_EQUAL(reason_of(settings_of(2)), "made");
  CAF_CHECK_EQUAL(reason_of(settings_of(0)),
                  "horizon: expected 1 to 10000 bars, found 0");
  for (auto& levels : {std::vector<double>{}, {0.5, 0.5}, {0, 0.5}, {0.5, 1}}) {
    auto settings = settings_of(1);
    settings.levels = levels;
    CAF_CHECK_EQUAL(reason_of(settings), "levels: expected 1 to 99 numbers "
                                         "between 0 and 1, rising");
  }
  auto settings = settings_of(1);
  settings.shrinkage = 0;
  CAF_CHECK_EQUAL(reason_of(settings),
                  "shrinkage: expected more than 0, at most 1000");
  settings = settings_of(1);
  settings.features.features.front().feature = "no_such";
  CAF_CHECK(reason_of(settings) != "made");
}
