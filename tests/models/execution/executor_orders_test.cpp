#define CAF_SUITE execution.executor_orders

#include "tests/models/execution/executor_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture : executor_fixture {
  /// An executor that rests at the best price.
  void be_patient() {
    use({.kind = order_kind::post_only, .chase_after = 5 * second});
    activate();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(executor_order_tests, fixture)

// -- cancel races -------------------------------------------------------------

CAF_TEST(fill_that_overtakes_the_cancel_counts) {
  activate();
  auto id = place(10);
  report(id, order_event::accepted);
  want(0);
  CAF_REQUIRE_EQUAL(out.cancels.size(), 1u);
  filled(id, 10);
  report(id, order_event::cancelled);
  CAF_CHECK_EQUAL(aut->position().lots, 10);
  CAF_REQUIRE_EQUAL(out.requests.size(), 2u);
  CAF_CHECK(out.requests[1].direction == side::sell);
  CAF_CHECK_EQUAL(out.requests[1].size.lots, 10);
}

CAF_TEST(fill_after_the_cancel_was_confirmed_counts) {
  activate();
  auto id = place(10);
  want(0);
  report(id, order_event::cancelled);
  CAF_CHECK(aut->orders().empty());
  filled(id, 3);
  CAF_CHECK_EQUAL(aut->position().lots, 3);
  CAF_CHECK_EQUAL(out.fills.size(), 1u);
  CAF_REQUIRE_EQUAL(out.requests.size(), 2u);
  CAF_CHECK_EQUAL(out.requests[1].size.lots, 3);
  CAF_CHECK_EQUAL(out.requests[1].reduce_only, true);
}

CAF_TEST(order_filled_beyond_its_size_is_counted_as_told) {
  activate();
  auto id = place(10);
  filled(id, 12);
  CAF_CHECK_EQUAL(aut->position().lots, 12);
  CAF_REQUIRE_EQUAL(out.requests.size(), 2u);
  CAF_CHECK(out.requests[1].direction == side::sell);
  CAF_CHECK_EQUAL(out.requests[1].size.lots, 2);
}

CAF_TEST(repeated_reports_are_harmless) {
  activate();
  auto id = place(10);
  report(id, order_event::accepted);
  report(id, order_event::accepted);
  CAF_CHECK_EQUAL(out.settled.size(), 1u);
  filled(id, 10);
  CAF_CHECK_EQUAL(out.settled.size(), 2u);
  out.clear();
  for (auto event :
       {order_event::accepted, order_event::completed, order_event::cancelled,
        order_event::rejected, order_event::lost, order_event::absent})
    report(id, event);
  CAF_CHECK(out.words.empty());
  CAF_CHECK_EQUAL(aut->position().lots, 10);
}

CAF_TEST(impossible_report_changes_nothing) {
  activate();
  auto id = place(10);
  report(id, order_event::accepted);
  out.clear();
  report(id, order_event::absent);
  CAF_CHECK(out.words.empty());
  CAF_REQUIRE_EQUAL(aut->orders().size(), 1u);
  CAF_CHECK(aut->orders()[0].status == order_status::live);
}

// -- unknown fate -------------------------------------------------------------

CAF_TEST(unknown_order_blocks_and_is_queried_every_second) {
  activate();
  auto id = place(10);
  report(id, order_event::lost);
  CAF_REQUIRE_EQUAL(out.settled.size(), 1u);
  CAF_CHECK(out.settled[0].status == order_status::unknown);
  want(-10);
  CAF_CHECK(out.queries.empty());
  for (size_t i = 1; i <= 3; ++i) {
    wait(second);
    CAF_REQUIRE_EQUAL(out.queries.size(), i);
    CAF_CHECK(out.queries.back().id == id);
  }
  CAF_CHECK_EQUAL(out.requests.size(), 1u);
  CAF_CHECK(out.cancels.empty());
}

CAF_TEST(unknown_order_ends_by_evidence_only) {
  struct row {
    order_event evidence;
    bool open;
    order_status told;
  };
  for (auto& x : {row{order_event::accepted, true, order_status::live},
                  row{order_event::absent, false, order_status::rejected},
                  row{order_event::rejected, false, order_status::rejected},
                  row{order_event::cancelled, false, order_status::cancelled},
                  row{order_event::lost, true, order_status::unknown},
                  row{order_event::completed, true, order_status::unknown}}) {
    use(settings);
    out.clear();
    activate();
    auto id = place(10);
    report(id, order_event::lost);
    report(id, x.evidence);
    CAF_CHECK_EQUAL(!aut->orders().empty(), x.open);
    CAF_CHECK(out.settled.back().status == x.told);
  }
}

CAF_TEST(fill_proves_that_an_unknown_order_lives) {
  activate();
  auto id = place(10);
  report(id, order_event::lost);
  filled(id, 4);
  CAF_REQUIRE_EQUAL(aut->orders().size(), 1u);
  CAF_CHECK(aut->orders()[0].status == order_status::live);
}

CAF_TEST(completion_without_its_fills_is_no_completion) {
  activate();
  auto id = place(10);
  report(id, order_event::accepted);
  filled(id, 4);
  report(id, order_event::completed);
  CAF_REQUIRE_EQUAL(aut->orders().size(), 1u);
  CAF_CHECK(aut->orders()[0].status == order_status::unknown);
  wait(second);
  CAF_CHECK_EQUAL(out.queries.size(), 1u);
  filled(id, 6);
  CAF_CHECK(aut->orders().empty());
  CAF_CHECK_EQUAL(aut->position().lots, 10);
}

// -- patient orders -----------------------------------------------------------

CAF_TEST(patient_order_rests_at_the_best_price_of_its_side) {
  be_patient();
  place(10);
  CAF_CHECK(out.orders[0].kind == order_kind::post_only);
  CAF_CHECK_EQUAL(out.orders[0].limit.ticks, 999);
  filled(id_of(1), 10);
  place(-10);
  CAF_CHECK_EQUAL(out.orders[1].limit.ticks, 1'001);
}

CAF_TEST(patient_order_never_leaves_the_band_of_its_permit) {
  be_patient();
  step(quote{{}, now, {900}, {1'100}, {5}, {5}});
  place(10);
  CAF_CHECK_EQUAL(out.orders[0].limit.ticks, 980);
}

CAF_TEST(patient_order_is_chased_once_and_then_crosses) {
  be_patient();
  auto id = place(10);
  report(id, order_event::accepted);
  wait(5 * second - timespan{1});
  CAF_CHECK(out.cancels.empty());
  wait(timespan{1});
  CAF_REQUIRE_EQUAL(out.cancels.size(), 1u);
  filled(id, 3);
  report(id, order_event::cancelled);
  CAF_REQUIRE_EQUAL(out.requests.size(), 2u);
  CAF_CHECK_EQUAL(out.requests[1].size.lots, 7);
  grant();
  CAF_CHECK(out.orders[1].kind == order_kind::market);
  CAF_CHECK_EQUAL(out.orders[1].limit.ticks, 1'020);
  filled(id_of(2), 7);
  CAF_MESSAGE("the next target begins patiently again");
  place(0);
  CAF_CHECK(out.orders[2].kind == order_kind::post_only);
}

CAF_TEST(patient_order_leaves_when_the_feed_is_not_live) {
  for (auto bad :
       {feed_status::stale, feed_status::gapped, feed_status::crossed}) {
    use({.kind = order_kind::post_only, .chase_after = 5 * second});
    out.clear();
    activate();
    place(10);
    step(feed_health{.time = now, .status = bad});
    CAF_REQUIRE_EQUAL(out.cancels.size(), 1u);
    CAF_CHECK(out.cancels[0].id == id_of(1));
  }
}

CAF_TEST(without_a_quote_the_order_is_bounded_by_its_permit) {
  be_patient();
  step(feed_health{.time = now, .status = feed_status::stale});
  place(-10);
  CAF_CHECK(out.orders[0].kind == order_kind::market);
  CAF_CHECK_EQUAL(out.orders[0].limit.ticks, 980);
}

CAF_TEST(own_cancel_is_no_failure_and_an_expiry_is_one) {
  be_patient();
  place(10);
  for (uint32_t i = 1; i <= 5; ++i) {
    wait(5 * second);
    want(10 + i);
    report(id_of(i), order_event::cancelled);
    grant();
    CAF_REQUIRE_EQUAL(out.orders.size(), i + 1);
  }
  CAF_MESSAGE("three ends that nobody here asked for");
  for (uint32_t i = 6; i <= 8; ++i) {
    CAF_REQUIRE_EQUAL(out.orders.size(), i);
    report(id_of(i), order_event::cancelled);
    wait(second);
    if (i < 8)
      grant();
  }
  CAF_CHECK_EQUAL(out.requests.size(), 8u);
}

CAF_TEST(funding_is_passed_on) {
  activate();
  step(funding_payment{.time = now, .paid = {5}});
  CAF_CHECK_EQUAL(out.payments.size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
