#define CAF_SUITE guardian.watchdog

#include "actors/guardian/watchdog.hpp"
#include "actors/guardian/notifier.hpp"

#include "tests/actors/actor_fixture.hpp"

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture : actor_fixture {
  watchdog_actor aut;

  ~fixture() override {
    bury();
  }

  void start_watchdog() {
    aut = start(run_watchdog);
    peers.watchdog = aut;
    introduce(aut);
  }

  // The periodic look needs one step a second.
  void pass_seconds(int64_t count) {
    for (auto i = int64_t{0}; i < count; ++i) {
      advance_time(second);
      consume_messages();
    }
  }

  std::string last_code() {
    return to_notifier.last<alert>().code;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(watchdog_actor_tests, fixture)

CAF_TEST(pipeline_without_pulses_is_not_watched) {
  start_watchdog();
  pass_seconds(60);
  CAF_CHECK_EQUAL(to_notifier.count<alert>(), 0u);
}

CAF_TEST(pipeline_that_stalls_pages_and_clears) {
  start_watchdog();
  tell(aut, pulse{.sequence = 1, .time = t0});
  pass_seconds(4);
  CAF_CHECK_EQUAL(to_notifier.count<alert>(), 0u);
  pass_seconds(1);
  CAF_CHECK_EQUAL(last_code(), "pipeline_stalled");
  CAF_CHECK_EQUAL(to_notifier.last<alert>().time.ns, t0.ns);
  pass_seconds(10);
  CAF_CHECK_EQUAL(to_notifier.count<alert>(), 1u);
  tell(aut, pulse{.sequence = 2, .time = t0 + 15 * second});
  CAF_CHECK_EQUAL(last_code(), "pipeline_flows");
  pass_seconds(4);
  CAF_CHECK_EQUAL(to_notifier.count<alert>(), 2u);
}

CAF_TEST(faults_become_alerts_with_the_latest_time_seen) {
  start_watchdog();
  tell(aut,
       feed_health{.symbol = {1}, .time = t0, .status = feed_status::live});
  tell(aut,
       feed_health{.symbol = {1}, .time = t0, .status = feed_status::gapped});
  CAF_CHECK_EQUAL(last_code(), "feed_gapped");
  tell(aut, order_settled{{1, {0}, 1, 1}, order_status::unknown, t0 + second});
  CAF_CHECK_EQUAL(last_code(), "order_unknown");
  tell(aut, child_restarted{"a/b", "boom", 1});
  CAF_CHECK_EQUAL(last_code(), "actor_restarted");
  CAF_CHECK_EQUAL(to_notifier.last<alert>().time.ns, (t0 + second).ns);
}

CAF_TEST(notifier_shows_every_fact) {
  auto hdl = start(run_notifier);
  introduce(hdl);
  tell(hdl, fill{});
  tell(hdl, funding_payment{});
  tell(hdl, decision_outcome{});
  tell(hdl, account_state{});
  tell(hdl, state_changed{});
  tell(hdl, alert{});
  words expected{"fill", "funding", "outcome", "account", "state", "alert"};
  CAF_CHECK(people.shown == expected);
  CAF_CHECK_EQUAL(actor_fixture::status_of(hdl).handled, 6u);
}

CAF_TEST_FIXTURE_SCOPE_END()
