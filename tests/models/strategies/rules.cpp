#define CAF_SUITE rules

#include "tests/models/strategies/market_bars.hpp"

#include "models/strategies/bollinger_reversion.hpp"
#include "models/strategies/buy_and_hold.hpp"
#include "models/strategies/donchian_breakout.hpp"
#include "models/strategies/order_flow_momentum.hpp"
#include "models/strategies/sma_cross.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace qalpha;
using namespace qalpha::test;

namespace {

// Independent versions of the rules, from the definitions, with loops over the
// window for each bar.

using prices = std::vector<int64_t>;

bar closing_at(int64_t ticks) {
  return {{}, {}, {ticks}, {ticks}, {ticks}, {ticks}, {}};
}

/// @returns the values of the `count` bars before `end`.
template <class Field>
prices
window(const std::vector<bar>& bars, size_t end, size_t count, Field field) {
  prices result;
  for (auto i = end - count; i < end; ++i)
    result.push_back((bars[i].*field).ticks);
  return result;
}

int64_t sum(const prices& xs) {
  int64_t result = 0;
  for (auto x : xs)
    result += x;
  return result;
}

int64_t highest(const prices& xs) {
  return *std::max_element(xs.begin(), xs.end());
}

int64_t lowest(const prices& xs) {
  return *std::min_element(xs.begin(), xs.end());
}

template <class Rule, class... Ts>
strategy_at_work at_work(Ts... xs) {
  return strategy_at_work{std::make_unique<Rule>(xs...)};
}

int sign_of(const std::optional<exposure>& x) {
  CAF_REQUIRE(x);
  return x->bps / 10'000;
}

} // namespace

CAF_TEST(sma_cross_equals_the_definition) {
  dice random;
  for (auto round = 0; round < 30; ++round) {
    auto slow = static_cast<size_t>(random(2, 140));
    auto fast = static_cast<size_t>(random(1, static_cast<int64_t>(slow) - 1));
    auto otherwise = random.chance(50) ? stance::flat : stance::short_side;
    auto bars = random_bars(random, 500);
    // Prices that no double holds exactly, too.
    strategy_at_work rule{std::make_unique<sma_cross>(fast, slow, otherwise),
                          random.chance(50) ? 10'000'000 : 100'000'000};
    for (size_t i = 0; i < bars.size(); ++i) {
      auto wanted = rule.on_bar(bars[i]);
      if (i + 1 < slow)
        continue;
      auto quick = sum(window(bars, i + 1, fast, &bar::close));
      auto calm = sum(window(bars, i + 1, slow, &bar::close));
      auto above = quick * static_cast<int64_t>(slow)
                   > calm * static_cast<int64_t>(fast);
      CAF_REQUIRE_EQUAL(sign_of(wanted),
                        above ? 1 : static_cast<int>(otherwise));
    }
  }
}

CAF_TEST(equal_averages_are_not_above) {
  auto rule = at_work<sma_cross>(1, 2, stance::flat);
  rule.on_bar(closing_at(100));
  CAF_CHECK_EQUAL(sign_of(rule.on_bar(closing_at(100))), 0);
  CAF_CHECK_EQUAL(sign_of(rule.on_bar(closing_at(101))), 1);
  CAF_CHECK_EQUAL(rule.reason(), "sma_cross: SMA1 101, SMA2 100.5");
  CAF_CHECK_EQUAL(sign_of(rule.on_bar(closing_at(101))), 0);
}

CAF_TEST(donchian_equals_the_definition) {
  dice random;
  for (auto round = 0; round < 30; ++round) {
    auto entry = static_cast<size_t>(random(1, 70));
    auto exit = static_cast<size_t>(random(1, 70));
    auto shorts = random.chance(50);
    auto bars = random_bars(random, 1'000);
    auto rule = at_work<donchian_breakout>(entry, exit, shorts);
    auto held = 0;
    for (size_t i = 0; i < bars.size(); ++i) {
      auto wanted = rule.on_bar(bars[i]);
      if (i < std::max(entry, exit))
        continue;
      auto close = bars[i].close.ticks;
      if (close > highest(window(bars, i, entry, &bar::high)))
        held = 1;
      else if (shorts && close < lowest(window(bars, i, entry, &bar::low)))
        held = -1;
      else if (held > 0 && close < lowest(window(bars, i, exit, &bar::low)))
        held = 0;
      else if (held < 0 && close > highest(window(bars, i, exit, &bar::high)))
        held = 0;
      CAF_REQUIRE_EQUAL(sign_of(wanted), held);
    }
  }
}

CAF_TEST(touching_the_channel_is_no_breakout) {
  auto rule = at_work<donchian_breakout>(2, 2, false);
  rule.on_bar(closing_at(100));
  rule.on_bar(closing_at(100));
  CAF_CHECK_EQUAL(sign_of(rule.on_bar(closing_at(100))), 0);
  CAF_CHECK_EQUAL(sign_of(rule.on_bar(closing_at(101))), 1);
  CAF_CHECK_EQUAL(rule.reason(),
                  "donchian_breakout: close 101, channel 100 to 100 (2/2)");
  CAF_CHECK_EQUAL(sign_of(rule.on_bar(closing_at(100))), 1);
  CAF_CHECK_EQUAL(sign_of(rule.on_bar(closing_at(99))), 0);
}

CAF_TEST(bollinger_equals_the_definition) {
  dice random;
  for (auto round = 0; round < 30; ++round) {
    auto n = static_cast<size_t>(random(2, 70));
    auto k = static_cast<double>(random(5, 30)) / 10;
    auto shorts = random.chance(50);
    auto bars = random_bars(random, 1'000);
    auto rule = at_work<bollinger_reversion>(n, k, shorts);
    auto held = 0;
    for (size_t i = 0; i < bars.size(); ++i) {
      auto wanted = rule.on_bar(bars[i]);
      if (i + 1 < n)
        continue;
      auto closes = window(bars, i + 1, n, &bar::close);
      auto count = static_cast<long double>(n);
      auto mean = static_cast<long double>(sum(closes)) / count;
      auto squares = 0.0L;
      for (auto x : closes)
        squares += (static_cast<long double>(x) - mean)
                   * (static_cast<long double>(x) - mean);
      auto deviation = std::sqrt(squares / count);
      auto away = static_cast<long double>(bars[i].close.ticks) - mean;
      // Exactly at the middle, decided without rounding.
      auto middle = bars[i].close.ticks * static_cast<int64_t>(n) - sum(closes);
      if ((held > 0 && middle >= 0) || (held < 0 && middle <= 0))
        held = 0;
      auto beyond = std::abs(away) - k * deviation;
      if (std::abs(beyond) < 1e-9L * mean) {
        // On the band, where two right answers may differ by rounding.
        held = sign_of(wanted);
        continue;
      }
      if (beyond > 0 && middle < 0)
        held = 1;
      else if (beyond > 0 && middle > 0 && shorts)
        held = -1;
      CAF_REQUIRE_EQUAL(sign_of(wanted), held);
    }
  }
}

CAF_TEST(a_close_at_the_middle_is_the_way_out) {
  auto rule = at_work<bollinger_reversion>(3, 1, true);
  for (auto x : {100, 100})
    CAF_CHECK(!rule.on_bar(closing_at(x)));
  CAF_CHECK_EQUAL(sign_of(rule.on_bar(closing_at(90))), 1);
  CAF_CHECK_EQUAL(rule.reason(), "bollinger_reversion: band 91.95262146 to "
                                 "101.3807119, mean 96.66666667");
  CAF_CHECK_EQUAL(sign_of(rule.on_bar(closing_at(95))), 0);
  CAF_CHECK_EQUAL(sign_of(rule.on_bar(closing_at(110))), -1);
  auto twice = at_work<bollinger_reversion>(3, 1, true);
  for (auto x : {100, 180, 190})
    twice.on_bar(closing_at(x));
  CAF_CHECK_EQUAL(sign_of(twice.on_bar(closing_at(220))), -1);
  CAF_CHECK_EQUAL(sign_of(twice.on_bar(closing_at(205))), 0);
}

CAF_TEST(a_flat_market_has_no_band_to_leave) {
  auto rule = at_work<bollinger_reversion>(3, 2, true);
  for (auto i = 0; i < 10; ++i) {
    auto wanted = rule.on_bar(closing_at(6'000'000));
    if (i >= 2)
      CAF_CHECK_EQUAL(sign_of(wanted), 0);
  }
}

CAF_TEST(sums_of_squares_do_not_drift) {
  auto tired = at_work<bollinger_reversion>(20, 2, true);
  auto fresh = at_work<bollinger_reversion>(20, 2, true);
  CAF_MESSAGE("prices of 1e10 ticks, then of 100: floating sums would be off");
  for (auto i = 0; i < 100'000; ++i)
    tired.on_bar(closing_at(10'000'000'000 + i % 7));
  dice random;
  for (auto i = 0; i < 20; ++i) {
    auto x = closing_at(100 + random(-3, 3));
    tired.on_bar(x);
    fresh.on_bar(x);
  }
  CAF_CHECK_EQUAL(tired.reason(), fresh.reason());
}

CAF_TEST(buy_and_hold_is_always_long) {
  auto rule = at_work<buy_and_hold>();
  CAF_CHECK_EQUAL(sign_of(rule.on_bar(closing_at(5))), 1);
  CAF_CHECK_EQUAL(sign_of(rule.on_bar(closing_at(4))), 1);
}

// -- order_flow_momentum ------------------------------------------------------

namespace {

// A bar with this flow, and a spread in units of a basis point.
std::optional<exposure> flows(strategy_at_work& rule, int64_t lots,
                              int64_t spread = 1) {
  bar_context around;
  around.top = top_of_book{{100'000}, {100'000 + 10 * spread}, {1}, {1}, {1},
                           {1}};
  around.flow = flow_sums{{lots}, 1, 1};
  return rule.on_bar(closing_at(100'000), around);
}

strategy_at_work warm_momentum(bool with_short) {
  auto result = at_work<order_flow_momentum>(
    order_flow_momentum::settings{30, 2, 2, 5e-4, with_short});
  // Mean 0, deviation about 10.
  for (auto i = 0; i < 30; ++i)
    CAF_CHECK(!flows(result, i % 2 == 0 ? 10 : -10));
  return result;
}

} // namespace

CAF_TEST(a_strong_flow_is_followed_until_it_turns) {
  auto rule = warm_momentum(false);
  CAF_CHECK_EQUAL(sign_of(flows(rule, 19)), 0);
  CAF_CHECK_EQUAL(sign_of(flows(rule, 40)), 1);
  CAF_CHECK_EQUAL(sign_of(flows(rule, 5)), 1);
  CAF_CHECK_EQUAL(sign_of(flows(rule, -5)), 0);
  CAF_CHECK_EQUAL(sign_of(flows(rule, -100)), 0);
}

CAF_TEST(a_strong_flow_out_of_the_market_is_sold_on_request) {
  auto rule = warm_momentum(true);
  CAF_CHECK_EQUAL(sign_of(flows(rule, -40)), -1);
  CAF_CHECK_EQUAL(sign_of(flows(rule, 15)), 0);
}

CAF_TEST(nothing_is_opened_while_the_spread_is_wide) {
  auto rule = warm_momentum(true);
  flows(rule, 0, 20);
  CAF_CHECK_EQUAL(sign_of(flows(rule, 100, 20)), 0);
  flows(rule, 0);
  CAF_MESSAGE("what is open is closed whatever the spread");
  CAF_CHECK_EQUAL(sign_of(flows(rule, 200)), 1);
  flows(rule, 30, 20);
  CAF_CHECK_EQUAL(sign_of(flows(rule, -30, 20)), 0);
}

CAF_TEST(there_is_no_opinion_about_a_flow_that_is_not_known) {
  auto rule = warm_momentum(false);
  CAF_CHECK_EQUAL(sign_of(flows(rule, 40)), 1);
  CAF_CHECK(!rule.on_bar(closing_at(100'000), nothing_known));
  for (auto i = 0; i < 30; ++i)
    CAF_CHECK(!flows(rule, i));
  CAF_CHECK(flows(rule, 0));
}
