#define CAF_SUITE supervision.restart_policy

#include "actors/supervision/restart_policy.hpp"

#include <caf/test/unit_test.hpp>

#include <set>

using namespace qalpha;
using namespace std::chrono_literals;

namespace {

constexpr monotonic_time t0{1h};

// Jitter adds less than a quarter.
bool about(std::optional<timespan> delay, timespan expected) {
  return delay && *delay >= expected && *delay < expected + expected / 4;
}

} // namespace

CAF_TEST(delay_doubles_up_to_the_longest) {
  restart_policy policy{{.max_restarts = 8,
                         .window = 60s,
                         .first_delay = 20ms,
                         .longest_delay = 200ms}};
  for (auto expected : {20ms, 40ms, 80ms, 160ms, 200ms, 200ms})
    CAF_CHECK(about(policy.on_crash(t0, 1), expected));
}

CAF_TEST(number_of_restarts_within_the_window_is_bounded) {
  struct crash {
    timespan at;
    bool restarts;
  };
  restart_policy policy{{.max_restarts = 3, .window = 10s}};
  for (auto& x : {crash{0s, true}, crash{1s, true}, crash{2s, true},
                  crash{9s, false}, crash{10s, false},
                  // The first crash has left the window, then the second.
                  crash{10s + 1ns, true}, crash{11s, false},
                  crash{11s + 1ns, true}, crash{60s, true}})
    CAF_CHECK_EQUAL(policy.on_crash(t0 + x.at, 1).has_value(), x.restarts);
}

CAF_TEST(delay_starts_anew_after_a_quiet_window) {
  restart_policy policy{
    {.max_restarts = 3, .window = 10s, .first_delay = 20ms}};
  policy.on_crash(t0, 1);
  CAF_CHECK(about(policy.on_crash(t0 + 1s, 1), 40ms));
  CAF_CHECK(about(policy.on_crash(t0 + 30s, 1), 20ms));
}

CAF_TEST(no_restarts_means_none) {
  restart_policy policy{{.max_restarts = 0}};
  CAF_CHECK(policy.on_crash(t0, 1) == std::nullopt);
}

CAF_TEST(children_that_crash_together_come_back_apart) {
  std::set<timespan> delays;
  for (uint64_t child = 0; child < 8; ++child)
    delays.insert(*restart_policy{{}}.on_crash(t0, child));
  CAF_CHECK(delays.size() >= 6u);
}

CAF_TEST(same_crash_has_the_same_delay) {
  CAF_CHECK(restart_policy{{}}.on_crash(t0, 5)
            == restart_policy{{}}.on_crash(t0 + 1h, 5));
}
