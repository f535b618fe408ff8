#define CAF_SUITE execution.executor

#include "tests/models/execution/executor_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture : executor_fixture {};

} // namespace

CAF_TEST_FIXTURE_SCOPE(executor_tests, fixture)

// -- one order at a time ------------------------------------------------------

CAF_TEST(target_becomes_request_permit_order_and_position) {
  activate();
  want(10);
  CAF_REQUIRE_EQUAL(out.requests.size(), 1u);
  auto& asked = out.requests[0];
  CAF_CHECK(asked.id == id_of(1));
  CAF_CHECK_EQUAL(asked.decision.sequence, 1u);
  CAF_CHECK(asked.direction == side::buy);
  CAF_CHECK_EQUAL(asked.size.lots, 10);
  CAF_CHECK_EQUAL(asked.reference.ticks, 1'000);
  CAF_CHECK_EQUAL(asked.reduce_only, false);
  CAF_CHECK(out.orders.empty());
  grant();
  CAF_REQUIRE_EQUAL(out.orders.size(), 1u);
  CAF_CHECK(out.orders[0].right == permit_for(asked));
  CAF_CHECK(out.orders[0].kind == order_kind::market);
  CAF_CHECK_EQUAL(out.orders[0].limit.ticks, 1'020);
  report(id_of(1), order_event::accepted);
  filled(id_of(1), 4);
  CAF_CHECK_EQUAL(aut->position().lots, 4);
  filled(id_of(1), 6);
  CAF_CHECK_EQUAL(aut->position().lots, 10);
  CAF_CHECK(aut->orders().empty());
  CAF_REQUIRE_EQUAL(out.settled.size(), 2u);
  CAF_CHECK(out.settled[0].status == order_status::live);
  CAF_CHECK(out.settled[1].status == order_status::filled);
  CAF_REQUIRE_EQUAL(out.outcomes.size(), 1u);
  CAF_CHECK(out.outcomes[0].result == decision_result::ordered);
  CAF_CHECK(out.outcomes[0].order == id_of(1));
}

CAF_TEST(fill_is_told_before_the_end_of_its_order) {
  activate();
  auto id = place(10);
  out.clear();
  filled(id, 10);
  CAF_REQUIRE_EQUAL(out.words.size(), 2u);
  CAF_CHECK_EQUAL(out.words[0], "fill");
  CAF_CHECK_EQUAL(out.words[1], "settled");
}

CAF_TEST(nothing_is_asked_while_a_permit_is_pending) {
  activate();
  want(10);
  want(20);
  want(-5);
  show_market(1'010);
  wait(second);
  CAF_CHECK_EQUAL(out.requests.size(), 1u);
  CAF_CHECK(out.orders.empty());
}

CAF_TEST(nothing_is_asked_while_an_order_is_open) {
  activate();
  auto id = place(10);
  report(id, order_event::accepted);
  want(30);
  wait(second);
  CAF_CHECK_EQUAL(out.requests.size(), 1u);
  CAF_CHECK_EQUAL(out.orders.size(), 1u);
}

CAF_TEST(target_change_while_a_permit_is_pending_cancels_the_order) {
  activate();
  want(10);
  want(-10);
  grant();
  CAF_MESSAGE("the order exists, so it is sent and taken back");
  CAF_REQUIRE_EQUAL(out.orders.size(), 1u);
  CAF_REQUIRE_EQUAL(out.cancels.size(), 1u);
  CAF_CHECK(out.cancels[0].id == id_of(1));
  report(id_of(1), order_event::cancelled);
  CAF_REQUIRE_EQUAL(out.requests.size(), 2u);
  CAF_CHECK(out.requests[1].direction == side::sell);
  CAF_CHECK_EQUAL(out.requests[1].size.lots, 10);
}

CAF_TEST(target_change_while_an_order_is_open_replaces_it) {
  activate();
  auto id = place(10);
  report(id, order_event::accepted);
  filled(id, 4);
  want(2);
  CAF_REQUIRE_EQUAL(out.cancels.size(), 1u);
  CAF_MESSAGE("the cancel is repeated, but not at once");
  wait(second / 2);
  CAF_CHECK_EQUAL(out.cancels.size(), 1u);
  wait(second / 2);
  CAF_CHECK_EQUAL(out.cancels.size(), 2u);
  report(id, order_event::cancelled);
  CAF_REQUIRE_EQUAL(out.requests.size(), 2u);
  CAF_CHECK(out.requests[1].direction == side::sell);
  CAF_CHECK_EQUAL(out.requests[1].size.lots, 2);
  CAF_CHECK_EQUAL(out.requests[1].reduce_only, true);
}

CAF_TEST(turning_a_position_takes_one_order_that_is_no_reduction) {
  activate();
  filled(place(10), 10);
  want(-5);
  CAF_REQUIRE_EQUAL(out.requests.size(), 2u);
  CAF_CHECK_EQUAL(out.requests[1].size.lots, 15);
  CAF_CHECK_EQUAL(out.requests[1].reduce_only, false);
}

CAF_TEST(target_beyond_the_largest_order_takes_several) {
  auto rules = plain_rules();
  rules.max_order = {4};
  use({}, rules);
  activate();
  want(10);
  for (int64_t part : {4, 4, 2}) {
    CAF_CHECK_EQUAL(out.requests.back().size.lots, part);
    grant();
    CAF_MESSAGE("a part is not taken back for being a part");
    wait(second);
    CAF_CHECK(out.cancels.empty());
    filled(out.orders.back().right.id, part);
  }
  CAF_CHECK_EQUAL(aut->position().lots, 10);
  CAF_CHECK_EQUAL(out.requests.size(), 3u);
  CAF_CHECK_EQUAL(out.outcomes.size(), 1u);
}

CAF_TEST(part_of_a_large_order_may_be_filled_in_parts) {
  auto rules = plain_rules();
  rules.max_order = {4};
  use({}, rules);
  activate();
  auto id = place(10);
  filled(id, 1);
  wait(second);
  CAF_CHECK(out.cancels.empty());
  filled(id, 3);
  CAF_CHECK_EQUAL(out.requests.size(), 2u);
}

CAF_TEST(target_that_is_reached_already_is_unchanged) {
  activate();
  want(0);
  CAF_CHECK(out.requests.empty());
  CAF_REQUIRE_EQUAL(out.outcomes.size(), 1u);
  CAF_CHECK(out.outcomes[0].result == decision_result::unchanged);
}

// -- permits ------------------------------------------------------------------

CAF_TEST(permit_nobody_waits_for_is_given_back) {
  activate();
  want(10);
  auto stray = permit_for(out.requests.back());
  stray.id.sequence = 99;
  step(stray);
  CAF_CHECK(out.orders.empty());
  CAF_REQUIRE_EQUAL(out.settled.size(), 1u);
  CAF_CHECK(out.settled[0].id == stray.id);
  CAF_CHECK(out.settled[0].status == order_status::rejected);
}

CAF_TEST(permit_told_twice_is_used_once) {
  activate();
  want(10);
  auto right = permit_for(out.requests.back());
  step(right);
  filled(right.id, 10);
  step(right);
  CAF_CHECK_EQUAL(out.orders.size(), 1u);
}

CAF_TEST(unanswered_question_is_given_back_and_asked_anew) {
  activate();
  want(10);
  auto first = permit_for(out.requests.back());
  wait(5 * second);
  CAF_CHECK_EQUAL(out.requests.size(), 1u);
  wait(timespan{1});
  CAF_REQUIRE_EQUAL(out.settled.size(), 1u);
  CAF_CHECK(out.settled[0].id == first.id);
  CAF_REQUIRE_EQUAL(out.requests.size(), 2u);
  CAF_CHECK(out.requests[1].id == id_of(2));
  CAF_MESSAGE("the answer that comes after all changes nothing");
  step(first);
  CAF_CHECK(out.orders.empty());
}

// -- refusals -----------------------------------------------------------------

CAF_TEST(hard_refusal_ends_the_decision_with_gate_value_and_limit) {
  activate();
  want(10);
  refuse(risk_gate::max_gross_leverage, 31, 30);
  CAF_REQUIRE_EQUAL(out.outcomes.size(), 1u);
  auto& end = out.outcomes[0];
  CAF_CHECK(end.result == decision_result::refused);
  CAF_CHECK(end.gate == risk_gate::max_gross_leverage);
  CAF_CHECK_EQUAL(end.value, 31);
  CAF_CHECK_EQUAL(end.limit, 30);
  CAF_CHECK_EQUAL(end.decision.sequence, 1u);
  wait(60 * second);
  show_market(1'001);
  CAF_CHECK_EQUAL(out.requests.size(), 1u);
  want(5);
  CAF_CHECK_EQUAL(out.requests.size(), 2u);
}

CAF_TEST(passing_refusal_is_asked_again_after_a_second) {
  using gate = risk_gate;
  for (auto why :
       {gate::feed, gate::no_mark, gate::unknown_order, gate::order_rate}) {
    use(settings);
    activate();
    want(10);
    refuse(why, 0, 1);
    CAF_CHECK(out.outcomes.empty());
    wait(second - timespan{1});
    CAF_CHECK_EQUAL(out.requests.size(), 1u);
    wait(timespan{1});
    CAF_REQUIRE_EQUAL(out.requests.size(), 2u);
    CAF_CHECK(out.requests[1].id == id_of(2));
    CAF_CHECK_EQUAL(out.requests[1].decision.sequence, decisions);
    grant();
    CAF_CHECK_EQUAL(out.outcomes.size(), 1u);
  }
}

CAF_TEST(refusal_of_another_question_changes_nothing) {
  activate();
  want(10);
  step(permit_refused{.id = id_of(7), .gate = risk_gate::size, .time = now});
  CAF_CHECK(out.outcomes.empty());
  grant();
  CAF_CHECK_EQUAL(out.orders.size(), 1u);
}

CAF_TEST(three_rejections_in_a_row_give_the_target_up) {
  activate();
  want(10);
  for (uint32_t i = 1; i <= 3; ++i) {
    CAF_REQUIRE_EQUAL(out.requests.size(), i);
    grant();
    report(id_of(i), order_event::rejected, "insufficient margin");
    CAF_MESSAGE("no second attempt at the same moment");
    CAF_CHECK_EQUAL(out.requests.size(), i);
    wait(timespan{1});
  }
  wait(60 * second);
  CAF_CHECK_EQUAL(out.requests.size(), 3u);
  CAF_MESSAGE("another target is another chance");
  want(11);
  CAF_CHECK_EQUAL(out.requests.size(), 4u);
}

CAF_TEST(fill_forgives_earlier_failures) {
  activate();
  want(10);
  for (uint32_t i = 1; i <= 4; ++i) {
    CAF_REQUIRE_EQUAL(out.requests.size(), i);
    grant();
    if (i == 2)
      filled(id_of(i), 1);
    report(id_of(i), i == 2 ? order_event::cancelled : order_event::rejected);
    wait(second);
  }
  CAF_MESSAGE("the fill of the second order made its expiry the first failure");
  CAF_CHECK_EQUAL(out.requests.size(), 4u);
}

CAF_TEST_FIXTURE_SCOPE_END()
