#define CAF_SUITE trade_rules

// What holds for signs, VPIN and impact whatever is traded.

#include "models/features/order_flow/price_impact.hpp"
#include "models/features/order_flow/trade_sign.hpp"
#include "models/features/order_flow/vpin.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <random>
#include <vector>

using namespace qalpha;

namespace {

const auto nan_value = std::nan("");

struct random_numbers {
  double operator()() {
    return normal(engine);
  }

  std::mt19937_64 engine{1};
  std::normal_distribution<double> normal;
};

} // namespace

CAF_TEST(a_sign_is_read_from_the_quotes_and_then_from_the_ticks) {
  CAF_CHECK_EQUAL(sign_of(side::buy), 1);
  CAF_CHECK_EQUAL(sign_of(side::sell), -1);
  lee_ready guess;
  CAF_CHECK_EQUAL(guess.update(100, 100), 0);
  CAF_CHECK_EQUAL(guess.update(101, 100), 1);
  CAF_CHECK_EQUAL(guess.update(99, 100), -1);
  CAF_MESSAGE("at the middle the last change of price counts");
  CAF_CHECK_EQUAL(guess.update(100, 100), 1);
  CAF_CHECK_EQUAL(guess.update(100, 100), 1);
  CAF_CHECK_EQUAL(guess.update(99.5, nan_value), -1);
  CAF_CHECK_EQUAL(guess.update(nan_value, 100), 0);
  CAF_CHECK_EQUAL(guess.update(99.5, 99.5), -1);
}

CAF_TEST(a_one_sided_market_has_a_vpin_of_one_and_a_balanced_one_of_zero) {
  auto last = [](double share) {
    vpin meter{10, 5};
    for (size_t i = 0; i < 100; ++i)
      meter.add(3, share, [](const vpin_bucket&) {});
    return meter.value();
  };
  CAF_CHECK_EQUAL(last(1), 1.0);
  CAF_CHECK_EQUAL(last(0), 1.0);
  CAF_CHECK_EQUAL(last(0.5), 0.0);
  vpin meter{10, 2};
  auto ignore = [](const vpin_bucket&) {};
  meter.add(19, 1, ignore);
  CAF_CHECK(std::isnan(meter.value()));
  for (auto wrong : {0.0, -1.0, nan_value, HUGE_VAL})
    meter.add(wrong, 1, ignore);
  for (auto wrong : {-0.1, 1.1, nan_value})
    meter.add(1, wrong, ignore);
  CAF_CHECK(std::isnan(meter.value()));
  meter.add(1, 0, ignore);
  CAF_CHECK_EQUAL(meter.value(), 0.9);
}

CAF_TEST(a_huge_trade_fills_only_the_buckets_that_are_looked_at) {
  vpin meter{0.001, 50};
  size_t told = 0;
  meter.add(1e12, 1, [&](const vpin_bucket&) { ++told; });
  CAF_CHECK(told <= 52);
  CAF_CHECK_EQUAL(meter.value(), 1.0);
  vpin split{10, 4};
  vpin whole{10, 4};
  auto ignore = [](const vpin_bucket&) {};
  split.add(5, 0, ignore);
  whole.add(5, 0, ignore);
  whole.add(1'002, 1, ignore);
  for (size_t i = 0; i < 1'002; ++i)
    split.add(1, 1, ignore);
  for (auto meter_of : {&split, &whole})
    meter_of->add(3, 0, ignore);
  CAF_CHECK_EQUAL(split.value(), whole.value());
}

CAF_TEST(bars_are_split_by_how_far_they_moved) {
  CAF_CHECK_EQUAL(bulk_bought_share(0, 1), 0.5);
  CAF_CHECK(std::abs(bulk_bought_share(1.959963984540054, 1) - 0.975) < 1e-12);
  CAF_CHECK(std::abs(bulk_bought_share(-1, 2) + bulk_bought_share(1, 2) - 1)
            < 1e-15);
  CAF_MESSAGE("without a deviation");
  CAF_CHECK_EQUAL(bulk_bought_share(0, 0), 0.5);
  CAF_CHECK_EQUAL(bulk_bought_share(1, 0), 1.0);
  CAF_CHECK_EQUAL(bulk_bought_share(-1, nan_value), 0.0);
}

CAF_TEST(lambda_finds_the_slope_that_made_the_prices) {
  random_numbers normal;
  kyle_lambda meter{200};
  fitted_line fit{};
  for (size_t i = 0; i < 1'000; ++i) {
    // Another market before, which has left the window.
    auto slope = i < 800 ? -5.0 : 0.25;
    auto flow = normal();
    fit = meter.update(flow, 3 + slope * flow);
  }
  CAF_CHECK(std::abs(fit.slope - 0.25) < 1e-12);
  CAF_CHECK(std::abs(fit.constant - 3) < 1e-12);
  CAF_CHECK(std::abs(fit.explained - 1) < 1e-12);
  auto same = meter.update(nan_value, 1);
  CAF_CHECK_EQUAL(same.slope, fit.slope);
  CAF_CHECK_EQUAL(impact(fit), fit.slope);
  CAF_CHECK_EQUAL(impact({-1, 1, -1, 0, 0, 0}), 0.0);
  CAF_CHECK_EQUAL(impact(line_of({})), 0.0);
}

CAF_TEST(a_flow_that_does_not_vary_has_no_lambda) {
  kyle_lambda meter{10};
  for (size_t i = 0; i < 20; ++i)
    CAF_REQUIRE(std::isnan(meter.update(0.1, static_cast<double>(i)).slope));
}

CAF_TEST(a_price_that_bounces_betrays_its_spread) {
  std::mt19937_64 random{3};
  roll_spread meter{50'000};
  double px = 1'000;
  for (size_t i = 0; i < 50'002; ++i)
    meter.update(px + (random() % 2 == 0 ? 0.5 : -0.5));
  CAF_CHECK(std::abs(meter.spread() - 1) < 0.02);
  CAF_MESSAGE("a trend does not bounce");
  roll_spread trend{10};
  CAF_CHECK(std::isnan(trend.covariance()));
  for (size_t i = 0; i < 30; ++i)
    trend.update(static_cast<double>(i * i));
  CAF_CHECK(trend.covariance() > 0);
  CAF_CHECK(std::isnan(trend.spread()));
}

CAF_TEST(illiquidity_is_averaged_over_intervals_with_trades) {
  amihud_illiquidity meter{2};
  CAF_CHECK(std::isnan(meter.update(0.1, 0)));
  CAF_CHECK_EQUAL(meter.update(-0.5, 2), 0.25);
  CAF_CHECK_EQUAL(meter.update(0.5, 0), 0.25);
  CAF_CHECK_EQUAL(meter.update(0.5, nan_value), 0.25);
  CAF_CHECK_EQUAL(meter.update(1.5, 2), 0.5);
  CAF_CHECK_EQUAL(meter.update(0, 2), 0.375);
}
