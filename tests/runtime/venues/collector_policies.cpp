#define CAF_SUITE venues_collector_policies

#include "runtime/venues/clock_offset.hpp"
#include "runtime/venues/reconnect_policy.hpp"
#include "runtime/venues/request_budget.hpp"
#include "runtime/venues/stream_watch.hpp"

#include <caf/test/dsl.hpp>

#include <set>

using namespace qalpha;
using namespace std::chrono_literals;

namespace {

using moment = request_budget::moment;

// Far from the origin of the clock.
constexpr moment start = moment{1000h};

} // namespace

CAF_TEST(pauses_double_up_to_a_bound_and_are_spread_over_all_of_it) {
  reconnect_pace pace{100ms, 1s};
  for (int failures = 0; failures < 8; ++failures) {
    timespan bound = std::min<timespan>(pace.longest, 100ms * (1 << failures));
    timespan low = bound;
    timespan high{0};
    for (uint64_t seed = 0; seed < 200; ++seed) {
      reconnect_policy policy{pace, seed};
      for (int i = 0; i < failures; ++i)
        policy.failed();
      auto pause = policy.failed();
      low = std::min(low, pause);
      high = std::max(high, pause);
    }
    CAF_CHECK(low < bound / 10);
    CAF_CHECK(high > bound * 9 / 10);
    CAF_CHECK(high <= bound);
  }
}

CAF_TEST(a_success_starts_the_pauses_anew_and_a_seed_repeats_them) {
  reconnect_policy policy{{100ms, 1h}, 7};
  reconnect_policy same{{100ms, 1h}, 7};
  for (int i = 0; i < 10; ++i)
    CAF_CHECK(policy.failed() == same.failed());
  CAF_CHECK_EQUAL(policy.failures(), 10u);
  policy.succeeded();
  CAF_CHECK(policy.failed() <= 100ms);
}

CAF_TEST(no_window_of_time_sees_more_than_the_limit) {
  request_budget budget{{10, 1s}};
  std::vector<moment> spent;
  auto now = start;
  for (int i = 0; i < 100; ++i) {
    now += budget.wait(now);
    CAF_CHECK(budget.wait(now) == 0ns);
    budget.spend(now);
    spent.push_back(now);
    now += 7ms;
  }
  for (size_t i = 10; i < spent.size(); ++i)
    CAF_CHECK(spent[i] - spent[i - 10] >= 1s);
}

CAF_TEST(what_is_larger_than_the_limit_waits_for_an_empty_window) {
  request_budget budget{{10, 1s}};
  CAF_CHECK(budget.wait(start, 50) == 0ns);
  budget.spend(start, 50);
  CAF_CHECK(budget.wait(start + 400ms, 1) == 600ms);
  CAF_CHECK(budget.wait(start + 1s, 50) == 0ns);
}

CAF_TEST(the_count_of_the_server_wins_when_it_is_higher) {
  request_budget budget{{100, 1min}};
  budget.spend(start, 5);
  budget.observe(start, 95);
  CAF_CHECK(budget.wait(start, 5) == 0ns);
  CAF_CHECK(budget.wait(start, 6) == 1min);
  budget.observe(start, 3);
  CAF_CHECK_EQUAL(budget.used(), 95u);
}

CAF_TEST(the_gate_stays_closed_as_long_as_the_server_says) {
  rest_gate gate{{100, 1min}};
  CAF_CHECK(!gate.judge(start, {200, 0s}));
  CAF_CHECK(gate.wait(start, 1) == 0ns);
  CAF_CHECK(gate.judge(start, {429, 17s}));
  CAF_CHECK(gate.wait(start, 1) == 17s);
  CAF_CHECK(gate.judge(start, {418, 3h}));
  CAF_CHECK(gate.wait(start + 17s, 1) == 3h - 17s);
  CAF_CHECK(gate.judge(start, {429, 1s}));
  CAF_CHECK(gate.wait(start, 1) == 3h);
  CAF_CHECK(gate.wait(start + 3h, 1) == 0ns);
  CAF_CHECK_EQUAL(gate.alarms(), 3u);
}

CAF_TEST(a_server_that_names_no_time_gets_a_long_pause) {
  for (unsigned status : {429u, 418u, 403u}) {
    rest_gate gate{{100, 1min}};
    CAF_CHECK(gate.judge(start, {status, 0s}));
    CAF_CHECK(gate.wait(start, 1) >= 1min);
  }
}

CAF_TEST(the_shortest_round_trip_gives_the_offset) {
  clock_offset offset;
  CAF_CHECK(!offset.value());
  utc_time ours{1'700'000'000'000'000'000};
  offset.measured(ours, ours + 150ms, ours + 100ms);
  CAF_CHECK(offset.value() == 100ms);
  offset.measured(ours, ours + 60ms, ours + 20ms);
  CAF_CHECK(offset.value() == 50ms);
  offset.measured(ours, ours + 900ms, ours + 1s);
  CAF_CHECK(offset.value() == 50ms);
  CAF_MESSAGE("a clock that was set back in between tells nothing");
  offset.measured(ours, ours + 5s, ours - 1s);
  CAF_CHECK(offset.value() == 50ms);
  CAF_MESSAGE("old measurements fall out");
  for (int i = 0; i < 8; ++i)
    offset.measured(ours, ours + 500ms, ours + 200ms);
  CAF_CHECK(offset.value() == 400ms);
}

CAF_TEST(a_silent_stream_is_asked_for_again_and_then_useless) {
  std::vector<stream_spec> streams{
    {"a", {0}, 1, 5s}, {"b", {1}, 1, 5s}, {"quiet", {0}, 2, 0s}};
  stream_watch watch{streams};
  CAF_CHECK(watch.check(start).again.empty());
  watch.subscribed(start);
  CAF_CHECK(watch.proved(2));
  CAF_CHECK(!watch.heard({0}, 2));
  CAF_CHECK(watch.heard({1}, 1));
  CAF_CHECK(!watch.heard({1}, 1));
  CAF_CHECK(!watch.all_proved());
  CAF_CHECK(watch.check(start + 4s).again.empty());
  auto first = watch.check(start + 5s);
  CAF_CHECK(first.again == std::vector<size_t>{0});
  CAF_CHECK(!first.useless);
  CAF_CHECK(watch.check(start + 9s).again.empty());
  CAF_CHECK(watch.check(start + 10s).useless);
  CAF_CHECK(watch.heard({0}, 1));
  CAF_CHECK(watch.all_proved());
  CAF_CHECK(!watch.check(start + 100s).useless);
}
