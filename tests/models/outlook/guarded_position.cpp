#define CAF_SUITE outlook.guarded_position

#include "models/outlook/guarded_position.hpp"

#include "models/datasets/seeded_random.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace qalpha;

namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

bool close_to(double x, double y) {
  return std::abs(x - y) < 1e-12;
}

/// @returns what an action earns from a close of 100 on, at a cost of 1 %.
double earned(const policy_action& action, const bar_prices& next) {
  guarded_position held;
  return play_bar(held, action, 100, next, 0.01);
}

bar_prices random_bar(seeded_random& random, double from) {
  auto open = from * (1 + 0.02 * random.normal());
  auto close = open * (1 + 0.05 * random.normal());
  return {open, std::max(open, close) * (1 + 0.03 * random.uniform()),
          std::min(open, close) * (1 - 0.03 * random.uniform()), close};
}

} // namespace

CAF_TEST(an_action_earns_position_times_size_times_the_return_less_its_cost) {
  bar_prices up{100, 111, 99, 110};
  CAF_CHECK(close_to(earned({1, 1, 0, 0}, up), 0.1 - 0.01));
  CAF_CHECK(close_to(earned({1, 0.5, 0, 0}, up), 0.05 - 0.005));
  CAF_CHECK(close_to(earned({-0.5, 0.5, 0, 0}, up), -0.025 - 0.0025));
  CAF_CHECK_EQUAL(earned({1, 0, 0.01, 0.01}, up), 0.0);
  CAF_CHECK_EQUAL(earned({0, 1, 0.01, 0.01}, up), 0.0);
}

CAF_TEST(an_exit_is_at_its_level_and_costs_as_much_as_the_entry) {
  CAF_MESSAGE("long, 4 % down to the stop");
  CAF_CHECK(
    close_to(earned({1, 1, 0.04, 0}, {100, 101, 95, 99}), -0.04 - 0.02));
  CAF_MESSAGE("long, 3 % up to the take profit");
  CAF_CHECK(close_to(earned({1, 0.5, 0, 0.03}, {100, 104, 99, 99}),
                     0.5 * (0.03 - 0.02)));
  CAF_MESSAGE("short, 4 % up to the stop");
  CAF_CHECK(
    close_to(earned({-1, 1, 0.04, 0}, {100, 105, 99, 99}), -0.04 - 0.02));
  CAF_MESSAGE("short, 3 % down to the take profit");
  CAF_CHECK(
    close_to(earned({-1, 1, 0, 0.03}, {100, 101, 96, 100}), 0.03 - 0.02));
  CAF_MESSAGE("a level that is touched is hit, one that is not touched is not");
  CAF_CHECK(
    close_to(earned({1, 1, 0.05, 0}, {100, 101, 95, 101}), -0.05 - 0.02));
  CAF_CHECK(
    close_to(earned({1, 1, 0.05, 0}, {100, 101, 95.1, 101}), 0.01 - 0.01));
}

CAF_TEST(where_both_levels_are_in_the_bar_the_stop_was_first) {
  CAF_CHECK(
    close_to(earned({1, 1, 0.04, 0.03}, {100, 110, 90, 105}), -0.04 - 0.02));
  CAF_CHECK(
    close_to(earned({-1, 1, 0.04, 0.03}, {100, 110, 90, 95}), -0.04 - 0.02));
}

CAF_TEST(a_bar_that_opens_beyond_a_level_is_left_at_its_open) {
  CAF_CHECK(
    close_to(earned({1, 1, 0.04, 0.03}, {90, 110, 85, 105}), -0.1 - 0.02));
  CAF_CHECK(
    close_to(earned({1, 1, 0.04, 0.03}, {106, 110, 85, 105}), 0.06 - 0.02));
  CAF_CHECK(
    close_to(earned({-1, 1, 0.04, 0.03}, {106, 110, 85, 95}), -0.06 - 0.02));
}

CAF_TEST(levels_are_those_of_the_entry_until_the_side_changes) {
  guarded_position held;
  held.want(0.5, 0.1, 0.2, 100);
  CAF_CHECK(!held.pass({100, 105, 95, 104}));
  CAF_MESSAGE("more of it, and a nearer stop: too late");
  CAF_CHECK_EQUAL(held.want(1, 0.01, 0.01, 104), 1.0);
  CAF_CHECK(!held.pass({104, 110, 91, 100}));
  CAF_MESSAGE("the other side is an entry");
  held.want(-1, 0.01, 0, 100);
  auto exit = held.pass({100, 101.5, 99, 100});
  CAF_REQUIRE(exit);
  CAF_CHECK(exit->stopped);
  CAF_CHECK(close_to(exit->price, 101));
}

CAF_TEST(after_an_exit_nothing_is_held_until_the_side_is_no_longer_wanted) {
  guarded_position held;
  held.want(1, 0.01, 0, 100);
  CAF_REQUIRE(held.pass({100, 100, 98, 100}));
  CAF_CHECK(held.waits());
  CAF_CHECK_EQUAL(held.held(), 0.0);
  CAF_CHECK_EQUAL(held.want(0.3, 0.5, 0, 100), 0.0);
  CAF_CHECK(!held.pass({100, 200, 1, 100}));
  CAF_MESSAGE("once it was not wanted, it may be wanted again");
  CAF_CHECK_EQUAL(held.want(0, 0, 0, 100), 0.0);
  CAF_CHECK(!held.waits());
  CAF_CHECK_EQUAL(held.want(1, 0.01, 0, 100), 1.0);
  CAF_REQUIRE(held.pass({100, 100, 98, 100}));
  CAF_MESSAGE("the other side need not wait");
  CAF_CHECK_EQUAL(held.want(-1, 0.01, 0, 100), -1.0);
}

CAF_TEST(an_episode_adds_up_by_hand) {
  guarded_position held;
  policy_action up{1, 0.5, 0.05, 0.1};
  policy_action down{-1, 1, 0.05, 0.1};
  auto play = [&](const policy_action& action, double close,
                  const bar_prices& next) {
    return play_bar(held, action, close, next, 0.01);
  };
  CAF_MESSAGE("half a position is bought and rises by 4 %");
  CAF_CHECK(close_to(play(up, 100, {100, 105, 99, 104}), 0.02 - 0.005));
  CAF_MESSAGE("and leaves at 110, 10 % above its entry");
  CAF_CHECK(close_to(play(up, 104, {104, 120, 104, 119}),
                     0.5 * (110.0 / 104 - 1) - 0.005));
  CAF_MESSAGE("what is wanted still is not held");
  CAF_CHECK_EQUAL(play(up, 119, {119, 130, 119, 130}), 0.0);
  CAF_MESSAGE("a whole one is sold and falls by 10 %");
  CAF_CHECK(close_to(play(down, 130, {130, 131, 117, 117}),
                     1 - 117.0 / 130 - 0.01 - 0.01));
}

CAF_TEST(without_exits_and_with_the_whole_size_only_closes_count) {
  seeded_random random{1, 1};
  guarded_position held;
  double close = 100;
  double before = 0;
  for (int i = 0; i < 2'000; ++i) {
    auto position = 2 * random.uniform() - 1;
    auto next = random_bar(random, close);
    auto plain = position * (next.close / close - 1)
                 - 0.01 * std::abs(position - before);
    CAF_REQUIRE_EQUAL(play_bar(held, {position, 1, 0, 0}, close, next, 0.01),
                      plain);
    before = position;
    close = next.close;
  }
}

CAF_TEST(no_bar_takes_more_than_the_stop_or_the_gap) {
  seeded_random random{2, 1};
  for (int i = 0; i < 5'000; ++i) {
    guarded_position held;
    auto side = random.uniform() < 0.5 ? -1.0 : 1.0;
    policy_action action{side, 1, 0.001 + 0.05 * random.uniform(),
                         random.uniform() < 0.5 ? 0 : 0.05 * random.uniform()};
    auto next = random_bar(random, 100);
    auto result = play_bar(held, action, 100, next, 0);
    auto gap = side * (next.open / 100 - 1);
    CAF_CHECK(result >= std::min(-action.stop, gap) - 1e-12);
    CAF_CHECK(action.take_profit == 0
              || result <= std::max(action.take_profit, gap) + 1e-12);
    CAF_CHECK(held.held() == 0 || held.held() == side);
  }
}

CAF_TEST(numbers_that_are_none_want_nothing) {
  guarded_position held;
  CAF_CHECK_EQUAL(held.want(nan, 0.1, 0.1, 100), 0.0);
  for (auto distance :
       {nan, -1.0, 0.0, std::numeric_limits<double>::infinity()}) {
    held = {};
    held.want(1, distance, distance, 100);
    CAF_CHECK(!held.pass({100, 1'000, 1, 100}));
  }
  held = {};
  held.want(1, 0.1, 0.1, 0);
  CAF_CHECK(!held.pass({100, 1'000, 1, 100}));
}
