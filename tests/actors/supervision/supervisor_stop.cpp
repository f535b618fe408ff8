#define CAF_SUITE supervision.supervisor_stop

#include "actors/supervision/stop_now.hpp"

#include "tests/actors/supervision/supervisor_fixture.hpp"

using namespace qalpha;
using namespace qalpha::test;
using namespace std::chrono_literals;

namespace {

using strategy_of = restart_strategy;

struct fixture : supervisor_fixture {
  void stop() {
    self->send_exit(aut, caf::exit_reason::user_shutdown);
    consume_messages();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(supervisor_stop_tests, fixture)

// -- shutdown -----------------------------------------------------------------

CAF_TEST(shutdown_stops_children_in_reverse_order) {
  supervise_three(strategy_of::one_for_one);
  self->monitor(aut);
  happened();
  stop();
  CAF_CHECK_EQUAL(happened(), "-c -b -a");
  CAF_CHECK(end_of_supervisor() == caf::exit_reason::user_shutdown);
}

CAF_TEST(shutdown_waits_for_each_child_before_the_next) {
  stubborn = {"b"};
  supervise_three(strategy_of::one_for_one);
  self->monitor(aut);
  happened();
  stop();
  CAF_CHECK_EQUAL(happened(), "-c");
  pass(2s - 1ms);
  CAF_CHECK_EQUAL(happened(), "");
  pass(1ms);
  CAF_CHECK_EQUAL(happened(), "-b -a");
  end_of_supervisor();
}

CAF_TEST(nobody_comes_back_during_a_shutdown) {
  stubborn = {"c"};
  supervise_three(strategy_of::one_for_one);
  happened();
  crash_child(0);
  stop();
  pass(1s);
  crash_child(1);
  pass(500ms);
  CAF_CHECK_EQUAL(happened(), "-a -b");
  pass(1s);
  CAF_CHECK_EQUAL(happened(), "-c");
}

CAF_TEST(shutdown_during_a_restart_kills_who_does_not_stop) {
  stubborn = {"c"};
  supervise_three(strategy_of::one_for_all);
  self->monitor(aut);
  crash_child(0);
  pass(1s);
  happened();
  stop();
  pass(1s);
  CAF_CHECK_EQUAL(happened(), "-c");
  end_of_supervisor();
}

CAF_TEST(urgent_stop_overtakes_a_backlog) {
  auto hdl = listen<caf::actor>(to_allocator);
  consume_messages();
  for (auto i = 0; i < 5; ++i)
    self->send(hdl, atom::status_v);
  stop_now(hdl, caf::exit_reason::user_shutdown);
  consume_messages();
  CAF_CHECK(to_allocator.all.empty());
}

// -- intensity ----------------------------------------------------------------

CAF_TEST(too_many_crashes_end_the_supervisor_after_its_children) {
  supervise_three(strategy_of::one_for_one, {.max_restarts = 1});
  self->monitor(aut);
  crash_child(1);
  pass(1s);
  happened();
  crash_child(1);
  CAF_CHECK_EQUAL(happened(), "-b -c -a");
  CAF_CHECK(end_of_supervisor() == ec::restart_budget_exhausted);
}

CAF_TEST(supervisor_that_gives_up_kills_who_does_not_stop) {
  CAF_MESSAGE("c has to stop because b crashed, and a crashes meanwhile");
  stubborn = {"c"};
  supervise({.name = "trio",
             .strategy = strategy_of::rest_for_one,
             .intensity = {.max_restarts = 1},
             .children = {child("a"), child("b"), child("c")}});
  self->monitor(aut);
  crash_child(1);
  pass(500ms);
  happened();
  crash_child(0);
  CAF_CHECK_EQUAL(happened(), "-a");
  pass(3s);
  CAF_CHECK_EQUAL(happened(), "-c");
  CAF_CHECK(end_of_supervisor() == ec::restart_budget_exhausted);
}

CAF_TEST(crashes_far_apart_are_forgiven) {
  supervise_three(strategy_of::one_for_one, {.max_restarts = 1, .window = 10s});
  for (auto i = 0; i < 5; ++i) {
    crash_child(1);
    pass(11s);
  }
  CAF_CHECK_EQUAL(view(1).restarts, 5u);
  CAF_CHECK(view(1).handle != nullptr);
}

// -- escalation ---------------------------------------------------------------

CAF_TEST(escalation_closes_the_gate_and_tells_the_guardian) {
  gate.turn(9, gate_mode::open);
  supervise({.name = "node",
             .escalates_to_guardian = true,
             .children = {child("oracle")}});
  self->send_exit(view(0).handle, ec::restart_budget_exhausted);
  CAF_MESSAGE("the gate is closed before the guardian has said anything");
  while (gate.read().mode != gate_mode::closed && consume_message())
    CAF_CHECK_EQUAL(to_guardian.count<escalation>(), 0u);
  CAF_CHECK(gate.read().mode == gate_mode::closed);
  CAF_CHECK_EQUAL(gate.read().epoch, 9u);
  consume_messages();
  auto told = to_guardian.of<escalation>();
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK_EQUAL(told[0].component, "oracle");
  CAF_CHECK_EQUAL(told[0].reason,
                  to_string(caf::error{ec::restart_budget_exhausted}));
  CAF_MESSAGE("and the tree is started again all the same");
  happened();
  pass(1s);
  CAF_CHECK_EQUAL(happened(), "+oracle");
}

CAF_TEST(crash_below_the_top_leaves_the_gate_alone) {
  gate.turn(9, gate_mode::open);
  supervise_three(strategy_of::one_for_one);
  crash_child(1);
  CAF_CHECK(gate.read().mode == gate_mode::open);
  CAF_CHECK_EQUAL(to_guardian.count<escalation>(), 0u);
}

CAF_TEST(tree_that_gives_up_escalates_from_its_supervisor) {
  gate.turn(9, gate_mode::open);
  supervisor_specification inner{.name = "inner",
                                 .intensity = {.max_restarts = 0},
                                 .children = {child("x")}};
  supervise({.name = "node",
             .escalates_to_guardian = true,
             .children = {{.name = "inner",
                           .start = [this, inner](caf::actor_system& system) {
                             return mortal(as_actor(system.spawn(
                               run_supervisor, &context, &book, inner)));
                           }}}});
  auto before = view(0).handle;
  auto x = mortals.back();
  crash(x);
  CAF_CHECK(gate.read().mode == gate_mode::closed);
  CAF_CHECK_EQUAL(to_guardian.count<escalation>(), 1u);
  pass(1s);
  CAF_CHECK(view(0).handle != nullptr);
  CAF_CHECK(view(0).handle != before);
  CAF_CHECK_EQUAL(happened(), "+x -x +x");
}

CAF_TEST_FIXTURE_SCOPE_END()
