#define CAF_SUITE trade_costs

// What holds for the costs of trades whatever is traded.

#include "models/market/trade_costs.hpp"

#include <caf/test/unit_test.hpp>

#include <random>
#include <vector>

using namespace qalpha;

CAF_TEST(what_is_paid_is_what_is_kept_and_what_was_known) {
  std::mt19937_64 random{2};
  std::uniform_int_distribution<int64_t> ticks{19'900, 20'100};
  trade_costs costs{3, 100};
  std::vector<int64_t> paid;
  size_t told = 0;
  auto tell = [&](const trade_cost& x) {
    CAF_REQUIRE_EQUAL(x.effective, x.realised + x.impact);
    CAF_REQUIRE_EQUAL(x.effective, paid[told++]);
  };
  for (int64_t i = 0; i < 1'000; ++i) {
    costs.add_middle(i, ticks(random), tell);
    auto taker = i % 2 == 0 ? side::buy : side::sell;
    auto effective = costs.add_trade(i, taker, {ticks(random) / 2}, {1});
    CAF_REQUIRE(effective);
    paid.push_back(*effective);
  }
  CAF_CHECK_EQUAL(told, 996u);
}

CAF_TEST(a_trade_is_measured_against_the_middle_when_its_time_is_up) {
  trade_costs costs{10, 100};
  std::vector<trade_cost> told;
  auto tell = [&](const trade_cost& x) { told.push_back(x); };
  CAF_CHECK(!costs.add_trade(0, side::buy, {101}, {7}));
  costs.add_middle(0, 2 * 100, tell);
  CAF_CHECK_EQUAL(costs.add_trade(0, side::buy, {101}, {7}), 2);
  CAF_CHECK_EQUAL(costs.add_trade(0, side::sell, {101}, {8}), -2);
  costs.add_middle(9, 2 * 102, tell);
  CAF_MESSAGE("of several middles of the very time the last one counts");
  costs.add_middle(10, 2 * 103, tell);
  costs.add_middle(10, 2 * 104, tell);
  CAF_CHECK(told.empty());
  costs.add_middle(11, 2 * 200, tell);
  CAF_REQUIRE_EQUAL(told.size(), 2u);
  CAF_CHECK(told[0].size == quantity{7});
  CAF_CHECK(told[0].px == price{101});
  CAF_CHECK_EQUAL(told[0].realised, -6);
  CAF_CHECK_EQUAL(told[0].impact, 8);
  CAF_CHECK_EQUAL(told[1].impact, -8);
}

CAF_TEST(a_reset_forgets_the_middle_and_who_waits) {
  trade_costs costs{10, 100};
  auto never = [](const trade_cost&) { CAF_FAIL("was forgotten"); };
  costs.add_middle(11, 400, never);
  CAF_CHECK(costs.add_trade(11, side::buy, {201}, {1}));
  costs.reset();
  CAF_CHECK(!costs.add_trade(12, side::buy, {201}, {1}));
  costs.settle(100, never);
  CAF_CHECK_EQUAL(costs.dropped(), 1u);
}

CAF_TEST(only_so_many_trades_wait) {
  trade_costs costs{INT64_MAX, 5};
  auto never = [](const trade_cost&) { CAF_FAIL("time is not up"); };
  costs.add_middle(7, 200, never);
  for (int64_t i = 0; i < 20; ++i)
    CAF_CHECK(costs.add_trade(i + 7, side::buy, {101}, {1}));
  CAF_CHECK_EQUAL(costs.dropped(), 15u);
}
