#define CAF_SUITE sizing

#include "models/execution/sizing.hpp"

#include "tests/models/golden_files.hpp"
#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr auto minute = std::chrono::minutes{1};

bar closing_at(int64_t ticks) {
  return {{1}, {2}, {ticks}, {ticks}, {ticks}, {ticks}, {}};
}

instrument btc() {
  return *instrument::make({}, {"BTCUSDT", 10'000'000, 100'000, {}, {}});
}

int64_t scaled(sizer& by, int32_t bps) {
  auto result = by.scale({bps});
  CAF_REQUIRE(result);
  return result->bps;
}

} // namespace

CAF_TEST(fixed_sizing_changes_nothing) {
  sizer size{{}, minute};
  CAF_CHECK_EQUAL(scaled(size, 10'000), 10'000);
  CAF_CHECK_EQUAL(scaled(size, -2'500), -2'500);
}

CAF_TEST(volatility_scaling_waits_for_two_bars) {
  sizer size{{.method = sizing_method::volatility_target}, minute};
  size.on_bar(closing_at(100));
  CAF_CHECK(!size.scale({10'000}));
  CAF_MESSAGE("the way out needs no estimate");
  CAF_CHECK(size.scale({0}) == exposure{0});
  size.on_bar(closing_at(101));
  CAF_CHECK(size.scale({10'000}));
}

CAF_TEST(a_flat_market_is_scaled_to_the_cap_only) {
  sizer size{{.method = sizing_method::volatility_target}, minute};
  size.on_bar(closing_at(100));
  size.on_bar(closing_at(100));
  CAF_CHECK_EQUAL(scaled(size, 10'000), 30'000);
  CAF_CHECK_EQUAL(scaled(size, -10'000), -30'000);
}

CAF_TEST(volatility_target_equals_golden_values) {
  auto market = real_market_path();
  if (!market) {
    CAF_MESSAGE("skipped: the market of these values is not here");
    return;
  }
  auto closes = golden_numbers(*market, "close");
  auto golden = golden_json("execution/sizing.json");
  for (const auto& run : golden["vol_target_ewma_real"].GetArray()) {
    sizer size{{.method = sizing_method::volatility_target,
                .target_volatility = run["target"].GetDouble(),
                .decay = run["lam"].GetDouble(),
                .max_scale = run["cap"].GetDouble()},
               std::chrono::minutes{15}};
    auto variance = 0.0;
    size_t next = 0;
    for (size_t i = 0; i < closes.size(); ++i) {
      size.on_bar(closing_at(std::llround(closes[i] * 100)));
      if (i == 0)
        continue;
      variance = ewma_variance(variance, std::log(closes[i] / closes[i - 1]),
                               run["lam"].GetDouble(), i == 1);
      if (next == run["idx"].Size() || run["idx"][next].GetUint() != i - 1)
        continue;
      auto volatility = std::sqrt(variance * 35'040);
      auto scale = volatility_scale(volatility, run["target"].GetDouble(),
                                    run["cap"].GetDouble());
      CAF_CHECK(close_to(volatility, run["ann_vol"][next].GetDouble()));
      auto expected = run["leverage_for_next_bar"][next].GetDouble();
      CAF_CHECK(close_to(scale, expected));
      CAF_CHECK_EQUAL(scaled(size, 10'000), std::lround(expected * 10'000));
      ++next;
    }
    CAF_CHECK_EQUAL(next, run["idx"].Size());
  }
}

CAF_TEST(gaussian_kelly_equals_golden_values) {
  auto golden = golden_json("execution/sizing.json");
  for (const auto& run : golden["kelly_from_quantiles"].GetArray()) {
    auto share = gaussian_kelly(run["mean"].GetDouble(), run["var"].GetDouble(),
                                run["round_trip_cost"].GetDouble());
    CAF_CHECK(close_to(share, run["kelly_gaussian"].GetDouble()));
  }
  CAF_CHECK(gaussian_kelly(0.001, 0.01, 0.001) == 0);
  CAF_CHECK(gaussian_kelly(0.001, 0, 0) == 0);
}

CAF_TEST(kelly_learns_from_the_strategy_not_from_the_market) {
  sizing_settings settings{.method = sizing_method::fractional_kelly,
                           .kelly_half_life = 1e9,
                           .max_scale = 1e6};
  sizer size{settings, minute};
  auto close = int64_t{1'000'000};
  std::vector<double> returns;
  dice random;
  size.on_bar(closing_at(close));
  size.scale({-10'000});
  for (auto i = 0; i < 200; ++i) {
    auto before = static_cast<double>(close);
    close += random(-6'000, 4'000);
    size.on_bar(closing_at(close));
    // Flat in every other half of the time.
    if (i < 100)
      returns.push_back(1 - static_cast<double>(close) / before);
    auto answer = size.scale({i < 99 ? -10'000 : 0});
    CAF_CHECK_EQUAL(answer.has_value(), i >= 29);
  }
  auto mean = 0.0;
  auto square = 0.0;
  for (auto r : returns) {
    mean += r / 100;
    square += r * r / 100;
  }
  auto expected = std::max(0.0, 0.25 * mean / (square - mean * mean));
  auto result = static_cast<double>(scaled(size, 10'000)) / 10'000;
  CAF_CHECK(close_to(result, expected, 1e-4));
}

CAF_TEST(kelly_does_not_trade_a_losing_strategy) {
  sizer size{{.method = sizing_method::fractional_kelly}, minute};
  auto close = int64_t{1'000'000};
  for (auto i = 0; i < 40; ++i) {
    size.on_bar(closing_at(close));
    size.scale({10'000});
    close -= 1'000 + i;
  }
  CAF_CHECK_EQUAL(scaled(size, 10'000), 0);
}

CAF_TEST(small_changes_are_not_worth_a_trade) {
  sizer size{{}, minute};
  CAF_CHECK(!size.worthwhile({10'000}, {10'000}));
  CAF_CHECK(!size.worthwhile({0}, {0}));
  CAF_CHECK(!size.worthwhile({10'000}, {10'999}));
  CAF_CHECK(size.worthwhile({10'000}, {11'000}));
  CAF_CHECK(size.worthwhile({-10'000}, {-9'000}));
  CAF_CHECK(size.worthwhile({5}, {0}));
  CAF_CHECK(size.worthwhile({0}, {5}));
  CAF_CHECK(size.worthwhile({5}, {-5}));
}

CAF_TEST(positions_round_toward_zero) {
  auto rules = btc();
  auto equity = money{10'000 * money::scale};
  // 60'000 a coin, 60 a lot.
  auto px = price{600'000};
  CAF_CHECK_EQUAL(position_for({10'000}, equity, 10'000, px, rules).lots, 166);
  CAF_CHECK_EQUAL(position_for({-10'000}, equity, 10'000, px, rules).lots,
                  -166);
  CAF_CHECK_EQUAL(position_for({30'000}, equity, 5'000, px, rules).lots, 250);
  CAF_CHECK_EQUAL(position_for({1}, equity, 10'000, px, rules).lots, 0);
  CAF_CHECK_EQUAL(position_for({10'000}, {0}, 10'000, px, rules).lots, 0);
  CAF_CHECK_EQUAL(position_for({10'000}, {-1}, 10'000, px, rules).lots, 0);
}

CAF_TEST(a_position_never_costs_more_than_its_share) {
  dice random;
  auto rules = btc();
  for (auto i = 0; i < 10'000; ++i) {
    auto equity = money{random(1, 1'000'000) * random(1, money::scale)};
    auto bps = static_cast<int32_t>(random(-30'000, 30'000));
    auto share = random(1, 10'000);
    auto px = price{random(1, 2'000'000)};
    auto lots = position_for({bps}, equity, share, px, rules);
    auto budget = static_cast<__int128>(equity.e8) * std::abs(bps) * share;
    auto one = static_cast<__int128>(px.ticks) * rules.unit_e8() * 100'000'000;
    auto cost = one * std::abs(lots.lots);
    CAF_REQUIRE(cost <= budget);
    CAF_REQUIRE(cost + one > budget);
    CAF_REQUIRE(lots.lots == 0 || (lots.lots < 0) == (bps < 0));
  }
}
