#define CAF_SUITE supervision.supervisor

#include "tests/actors/supervision/supervisor_fixture.hpp"

using namespace qalpha;
using namespace qalpha::test;
using namespace std::chrono_literals;

namespace {

using strategy_of = restart_strategy;

struct fixture : supervisor_fixture {};

} // namespace

CAF_TEST_FIXTURE_SCOPE(supervisor_tests, fixture)

// -- start and restart --------------------------------------------------------

CAF_TEST(children_start_in_order) {
  supervise_three(strategy_of::one_for_one);
  CAF_CHECK_EQUAL(happened(), "+a +b +c");
}

CAF_TEST(crashed_child_comes_back_after_its_back_off_and_not_before) {
  supervise_three(strategy_of::one_for_one, {.first_delay = 100ms});
  happened();
  crash_child(1);
  CAF_CHECK_EQUAL(happened(), "-b");
  CAF_CHECK(view(1).handle == nullptr);
  auto known = ask_children();
  CAF_CHECK_EQUAL(known.children[1].phase, "backing off");
  pass(99ms);
  CAF_CHECK_EQUAL(happened(), "");
  pass(26ms);
  CAF_CHECK_EQUAL(happened(), "+b");
  CAF_CHECK_EQUAL(view(1).restarts, 1u);
}

CAF_TEST(child_that_ends_by_itself_comes_back_too) {
  supervise_three(strategy_of::one_for_one);
  happened();
  tell(view(0).handle, atom::tick_v);
  pass(1s);
  CAF_CHECK_EQUAL(happened(), "-a +a");
  CAF_CHECK_EQUAL(view(0).last_error, "stopped by itself");
}

CAF_TEST(one_for_one_restarts_only_the_child) {
  supervise_three(strategy_of::one_for_one);
  happened();
  crash_child(0);
  pass(1s);
  CAF_CHECK_EQUAL(happened(), "-a +a");
}

CAF_TEST(rest_for_one_restarts_the_child_and_the_later_ones) {
  supervise_three(strategy_of::rest_for_one);
  happened();
  crash_child(1);
  CAF_CHECK_EQUAL(happened(), "-b -c");
  pass(1s);
  CAF_CHECK_EQUAL(happened(), "+b +c");
  CAF_CHECK_EQUAL(view(0).restarts, 0u);
}

CAF_TEST(one_for_all_restarts_all_of_them) {
  supervise_three(strategy_of::one_for_all);
  happened();
  crash_child(1);
  CAF_CHECK_EQUAL(happened(), "-b -c -a");
  pass(1s);
  CAF_CHECK_EQUAL(happened(), "+a +b +c");
}

CAF_TEST(crash_during_a_back_off_brings_both_back) {
  supervise_three(strategy_of::one_for_one, {.first_delay = 100ms});
  happened();
  crash_child(0);
  pass(50ms);
  crash_child(1);
  CAF_CHECK_EQUAL(happened(), "-a -b");
  pass(1s);
  CAF_CHECK_EQUAL(happened(), "+a +b");
}

CAF_TEST(sibling_that_does_not_stop_is_killed_and_all_come_back) {
  stubborn = {"c"};
  supervise_three(strategy_of::one_for_all);
  happened();
  crash_child(0);
  CAF_CHECK_EQUAL(happened(), "-a -b");
  pass(2s - 1ms);
  CAF_CHECK_EQUAL(happened(), "");
  pass(1ms);
  CAF_CHECK_EQUAL(happened(), "-c");
  pass(1s);
  CAF_CHECK_EQUAL(happened(), "+a +b +c");
}

// -- telling ------------------------------------------------------------------

CAF_TEST(restart_is_told_to_watchdog_and_incident_log) {
  supervise_three(strategy_of::one_for_one);
  crash_child(1);
  auto told = to_watchdog.of<child_restarted>();
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK_EQUAL(told[0].child, "trio/b");
  CAF_CHECK_EQUAL(told[0].restarts, 1u);
  CAF_REQUIRE_EQUAL(incidents.seen.size(), 1u);
  CAF_CHECK_EQUAL(incidents.seen[0].first, "trio/b");
}

CAF_TEST(roster_is_told_when_a_child_goes_and_when_it_is_back) {
  supervise({.name = "one", .children = {child("f", role::feed, {1})}});
  auto first = to_guardian.last<roster_ptr>();
  CAF_CHECK(as_actor(first->feeds.at(1)) == view(0).handle);
  crash_child(0);
  CAF_CHECK(!to_guardian.last<roster_ptr>()->feeds.at(1));
  pass(1s);
  auto second = to_guardian.last<roster_ptr>();
  CAF_CHECK(as_actor(second->feeds.at(1)) == view(0).handle);
  CAF_CHECK(second->feeds.at(1) != first->feeds.at(1));
}

CAF_TEST(answers_name_children_in_the_order_of_start) {
  supervise_three(strategy_of::rest_for_one);
  auto all = ask_children();
  CAF_CHECK_EQUAL(all.name, "trio");
  CAF_CHECK_EQUAL(all.strategy, "rest_for_one");
  CAF_REQUIRE_EQUAL(all.children.size(), 3u);
  CAF_CHECK_EQUAL(all.children[0].name, "a");
  CAF_CHECK_EQUAL(all.children[2].name, "c");
  CAF_CHECK_EQUAL(all.children[2].phase, "running");
  CAF_CHECK_EQUAL(test::actor_fixture::status_of(aut).state,
                  "3 of 3 children running");
}

CAF_TEST(child_dies_by_name_and_comes_back) {
  supervise_three(strategy_of::one_for_one);
  happened();
  self->send(aut, atom::kill_v, std::string{"b"});
  consume_messages();
  self->receive(
    [](const std::string& x) { CAF_CHECK_EQUAL(x, "killed trio/b"); });
  CAF_CHECK_EQUAL(happened(), "-b");
  pass(1s);
  CAF_CHECK_EQUAL(happened(), "+b");
}

CAF_TEST(nobody_dies_by_an_unknown_name) {
  supervise_three(strategy_of::one_for_one);
  crash_child(1);
  happened();
  for (auto name : {"nobody", "b"}) {
    self->send(aut, atom::kill_v, std::string{name});
    consume_messages();
    self->receive([](const caf::error& x) { CAF_CHECK(x == ec::not_running); });
  }
  CAF_CHECK_EQUAL(happened(), "");
}

CAF_TEST_FIXTURE_SCOPE_END()
