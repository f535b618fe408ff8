#define CAF_SUITE execution.executor_states

#include "tests/models/execution/executor_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture : executor_fixture {
  working_order known_order(uint32_t sequence, int64_t lots, int64_t filled) {
    auto size = magnitude(quantity{lots});
    return {.intent = {.right = {.id = id_of(sequence),
                                 .direction = lots < 0 ? side::sell : side::buy,
                                 .size = size,
                                 .low = {980},
                                 .high = {1'020}},
                       .limit = {1'020},
                       .time = now},
            .status = order_status::unknown,
            .filled = {filled}};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(executor_state_tests, fixture)

// -- reconcile before trading -------------------------------------------------

CAF_TEST(nothing_is_sent_before_the_venue_agrees) {
  enter(trading_state::active);
  show_market();
  want(10);
  wait(second);
  CAF_CHECK(out.requests.empty());
  CAF_MESSAGE("the question is repeated every second");
  CAF_CHECK_EQUAL(out.comparisons.size(), 1u);
  wait(second);
  CAF_CHECK_EQUAL(out.comparisons.size(), 2u);
  snapshot(5);
  CAF_CHECK(out.requests.empty());
  CAF_CHECK(out.verdicts.empty());
  snapshot(0);
  CAF_REQUIRE_EQUAL(out.verdicts.size(), 1u);
  CAF_CHECK_EQUAL(out.verdicts[0].equal, true);
  CAF_CHECK_EQUAL(out.requests.size(), 1u);
}

CAF_TEST(nothing_is_sent_before_the_state_is_active) {
  aut->start(now, out);
  snapshot(0);
  show_market();
  want(10);
  CAF_CHECK(out.requests.empty());
  enter(trading_state::reconciled);
  CAF_CHECK(out.requests.empty());
  enter(trading_state::active);
  CAF_CHECK_EQUAL(out.requests.size(), 1u);
}

CAF_TEST(three_differences_in_a_row_are_a_fact) {
  activate();
  snapshot(3);
  snapshot(3);
  snapshot(0);
  snapshot(3);
  snapshot(3);
  CAF_CHECK(out.verdicts.empty());
  snapshot(3);
  CAF_REQUIRE_EQUAL(out.verdicts.size(), 1u);
  CAF_CHECK_EQUAL(out.verdicts[0].equal, false);
  CAF_CHECK_EQUAL(out.verdicts[0].ours.lots, 0);
  CAF_CHECK_EQUAL(out.verdicts[0].theirs.lots, 3);
  snapshot(3);
  CAF_CHECK_EQUAL(out.verdicts.size(), 1u);
}

CAF_TEST(difference_that_is_over_is_told_too) {
  activate();
  for (auto i = 0; i < 3; ++i)
    snapshot(3);
  snapshot(0);
  CAF_REQUIRE_EQUAL(out.verdicts.size(), 2u);
  CAF_CHECK_EQUAL(out.verdicts[1].equal, true);
  snapshot(0);
  CAF_CHECK_EQUAL(out.verdicts.size(), 2u);
}

CAF_TEST(comparison_is_repeated_every_15_seconds) {
  activate();
  wait(15 * second - timespan{1});
  CAF_CHECK(out.comparisons.empty());
  wait(timespan{1});
  CAF_CHECK_EQUAL(out.comparisons.size(), 1u);
}

CAF_TEST(order_nobody_knows_is_cancelled) {
  activate();
  snapshot(0, {id_of(42)});
  CAF_REQUIRE_EQUAL(out.cancels.size(), 1u);
  CAF_CHECK(out.cancels[0].id == id_of(42));
}

CAF_TEST(order_the_venue_does_not_show_is_queried) {
  activate();
  auto id = place(10);
  report(id, order_event::accepted);
  snapshot(0);
  CAF_REQUIRE_EQUAL(out.queries.size(), 1u);
  CAF_CHECK(out.queries[0].id == id);
  CAF_CHECK_EQUAL(aut->orders().size(), 1u);
}

// -- restart ------------------------------------------------------------------

CAF_TEST(restart_with_an_open_order_continues_it) {
  aut->restore({0}, {10}, 7, {known_order(7, 10, 0)});
  aut->start(now, out);
  snapshot(0, {id_of(7)});
  enter(trading_state::active);
  show_market();
  CAF_CHECK_EQUAL(out.verdicts.size(), 1u);
  CAF_REQUIRE_EQUAL(out.queries.size(), 1u);
  CAF_CHECK(out.requests.empty());
  report(id_of(7), order_event::accepted);
  filled(id_of(7), 10);
  wait(second);
  CAF_CHECK_EQUAL(aut->position().lots, 10);
  CAF_CHECK(out.requests.empty());
  CAF_CHECK(out.cancels.empty());
}

CAF_TEST(restart_finds_out_what_became_of_an_order) {
  aut->restore({0}, {10}, 7, {known_order(7, 10, 0)});
  aut->start(now, out);
  CAF_MESSAGE("filled meanwhile: the venue has a position and no order");
  snapshot(10);
  CAF_REQUIRE_EQUAL(out.queries.size(), 1u);
  CAF_CHECK(out.verdicts.empty());
  filled(id_of(7), 10);
  snapshot(10);
  CAF_CHECK_EQUAL(out.verdicts.size(), 1u);
}

CAF_TEST(restart_asks_for_the_missed_fills_of_an_order_that_is_still_open) {
  aut->restore({0}, {10}, 7, {known_order(7, 10, 0)});
  aut->start(now, out);
  snapshot(4, {id_of(7)});
  CAF_REQUIRE_EQUAL(out.queries.size(), 1u);
  filled(id_of(7), 4);
  snapshot(4, {id_of(7)});
  CAF_REQUIRE_EQUAL(out.verdicts.size(), 1u);
  CAF_CHECK_EQUAL(out.verdicts[0].equal, true);
}

CAF_TEST(restart_mints_no_number_twice) {
  aut->restore({0}, {0}, 7, {});
  activate();
  want(10);
  CAF_CHECK(out.requests.back().id == id_of(8));
}

CAF_TEST(restart_alone_moves_no_position) {
  aut->restore({0}, {10}, 7, {});
  activate();
  enter(trading_state::reducing);
  enter(trading_state::active);
  wait(60 * second);
  CAF_CHECK(out.requests.empty());
  want(10);
  CAF_CHECK_EQUAL(out.requests.size(), 1u);
}

CAF_TEST(flatten_that_a_restart_interrupts_is_not_undone) {
  CAF_MESSAGE("the journal knows the last target, which the flatten voided");
  aut->restore({5}, {10}, 7, {known_order(7, -5, 0)});
  aut->start(now, out);
  snapshot(5, {id_of(7)});
  enter(trading_state::halted);
  report(id_of(7), order_event::accepted);
  show_market();
  filled(id_of(7), -5);
  enter(trading_state::active);
  wait(second);
  CAF_CHECK(out.requests.empty());
}

// -- reducing -----------------------------------------------------------------

CAF_TEST(reducing_cancels_orders_that_open) {
  activate();
  auto id = place(10);
  enter(trading_state::reducing);
  CAF_REQUIRE_EQUAL(out.cancels.size(), 1u);
  CAF_CHECK(out.cancels[0].id == id);
}

CAF_TEST(reducing_leaves_reductions_alone) {
  activate();
  filled(place(10), 10);
  place(4);
  enter(trading_state::reducing);
  wait(second);
  CAF_CHECK(out.cancels.empty());
}

CAF_TEST(reducing_closes_what_is_against_the_target_and_no_more) {
  activate();
  filled(place(10), 10);
  enter(trading_state::reducing);
  want(-5);
  CAF_REQUIRE_EQUAL(out.requests.size(), 2u);
  CAF_CHECK_EQUAL(out.requests[1].size.lots, 10);
  CAF_CHECK_EQUAL(out.requests[1].reduce_only, true);
  grant();
  wait(second);
  CAF_CHECK(out.cancels.empty());
}

// -- halted -------------------------------------------------------------------

CAF_TEST(halt_cancels_and_asks_for_nothing) {
  activate();
  auto id = place(10);
  report(id, order_event::accepted);
  enter(trading_state::halted);
  CAF_CHECK_EQUAL(out.cancels.size(), 1u);
  report(id, order_event::cancelled);
  want(-10);
  wait(60 * second);
  CAF_CHECK_EQUAL(out.requests.size(), 1u);
  CAF_REQUIRE_EQUAL(out.outcomes.size(), 2u);
  CAF_CHECK(out.outcomes[1].result == decision_result::refused);
  CAF_CHECK(out.outcomes[1].gate == risk_gate::trading_state);
}

CAF_TEST(halt_cancels_reductions_too) {
  activate();
  filled(place(10), 10);
  auto id = place(4);
  report(id, order_event::accepted);
  enter(trading_state::halted);
  CAF_REQUIRE_EQUAL(out.cancels.size(), 1u);
  CAF_CHECK(out.cancels[0].id == id);
}

CAF_TEST(halt_cancels_before_the_venue_agrees_too) {
  aut->restore({0}, {10}, 7, {known_order(7, 10, 0)});
  aut->start(now, out);
  enter(trading_state::halted);
  wait(second);
  CAF_CHECK(!out.queries.empty());
  report(id_of(7), order_event::accepted);
  CAF_REQUIRE_EQUAL(out.cancels.size(), 1u);
  CAF_CHECK(out.cancels[0].id == id_of(7));
}

CAF_TEST(permit_that_was_under_way_is_kept_from_the_venue_by_the_gate_only) {
  activate();
  want(10);
  enter(trading_state::halted);
  grant();
  CAF_MESSAGE("the intent carries the old epoch and a cancel follows at once");
  CAF_REQUIRE_EQUAL(out.orders.size(), 1u);
  CAF_CHECK_EQUAL(out.cancels.size(), 1u);
  report(id_of(1), order_event::rejected, "gate");
  wait(60 * second);
  CAF_CHECK_EQUAL(out.requests.size(), 1u);
}

CAF_TEST(resume_continues_the_target_that_a_halt_interrupted) {
  activate();
  want(10);
  refuse(risk_gate::feed);
  enter(trading_state::halted);
  enter(trading_state::active);
  wait(second);
  CAF_CHECK_EQUAL(out.requests.size(), 2u);
}

// -- flatten ------------------------------------------------------------------

CAF_TEST(flatten_closes_with_a_reduction_at_market) {
  use({.kind = order_kind::post_only});
  activate();
  filled(place(10), 10);
  enter(trading_state::halted, true);
  CAF_REQUIRE_EQUAL(out.requests.size(), 2u);
  auto& asked = out.requests[1];
  CAF_CHECK(asked.direction == side::sell);
  CAF_CHECK_EQUAL(asked.size.lots, 10);
  CAF_CHECK_EQUAL(asked.reduce_only, true);
  grant();
  CAF_CHECK(out.orders[1].kind == order_kind::market);
  filled(id_of(2), -10);
  CAF_CHECK_EQUAL(aut->target().lots, 0);
  CAF_MESSAGE("what was wanted before is not wanted after");
  enter(trading_state::halted);
  enter(trading_state::active);
  wait(second);
  CAF_CHECK_EQUAL(out.requests.size(), 2u);
}

CAF_TEST(flatten_of_a_large_position_takes_several_orders) {
  auto rules = plain_rules();
  rules.max_order = {4};
  use({}, rules);
  aut->restore({10}, {10}, 0, {});
  activate(10);
  enter(trading_state::halted, true);
  for (int64_t part : {4, 4, 2}) {
    CAF_REQUIRE(!out.requests.empty());
    CAF_CHECK_EQUAL(out.requests.back().size.lots, part);
    grant();
    wait(second);
    CAF_CHECK(out.cancels.empty());
    filled(out.orders.back().right.id, -part);
  }
  CAF_CHECK_EQUAL(aut->position().lots, 0);
}

CAF_TEST(flatten_takes_back_what_opens_first) {
  activate();
  auto id = place(10);
  filled(id, 4);
  enter(trading_state::halted, true);
  CAF_CHECK_EQUAL(out.cancels.size(), 1u);
  CAF_CHECK_EQUAL(out.requests.size(), 1u);
  report(id, order_event::cancelled);
  CAF_REQUIRE_EQUAL(out.requests.size(), 2u);
  CAF_CHECK_EQUAL(out.requests[1].size.lots, 4);
}

CAF_TEST(flatten_never_gives_up) {
  aut->restore({10}, {10}, 0, {});
  activate(10);
  enter(trading_state::halted, true);
  for (size_t i = 1; i <= 8; ++i) {
    CAF_REQUIRE_EQUAL(out.requests.size(), i);
    if (i % 2 == 0) {
      refuse(risk_gate::price_collar, 3, 2);
    } else {
      grant();
      report(out.orders.back().right.id, order_event::rejected);
    }
    wait(second);
  }
  CAF_CHECK_EQUAL(out.requests.size(), 9u);
}

CAF_TEST(decision_that_a_flatten_voids_is_refused) {
  activate();
  want(10);
  refuse(risk_gate::feed);
  enter(trading_state::halted, true);
  CAF_REQUIRE_EQUAL(out.outcomes.size(), 1u);
  CAF_CHECK(out.outcomes[0].result == decision_result::refused);
  CAF_CHECK(out.outcomes[0].gate == risk_gate::trading_state);
}

CAF_TEST(decision_during_a_flatten_is_refused_and_forgotten) {
  activate();
  filled(place(10), 10);
  enter(trading_state::halted, true);
  want(20);
  CAF_REQUIRE_EQUAL(out.outcomes.size(), 2u);
  CAF_CHECK(out.outcomes[1].result == decision_result::refused);
  CAF_CHECK(out.outcomes[1].gate == risk_gate::trading_state);
  CAF_CHECK_EQUAL(out.outcomes[1].decision.sequence, 2u);
  grant();
  filled(id_of(2), -10);
  CAF_CHECK_EQUAL(out.outcomes.size(), 2u);
  enter(trading_state::halted);
  enter(trading_state::active);
  wait(second);
  CAF_CHECK_EQUAL(out.requests.size(), 2u);
  CAF_CHECK_EQUAL(aut->target().lots, 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
