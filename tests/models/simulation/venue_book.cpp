#define CAF_SUITE simulation.venue_book

#include "tests/models/simulation/venue_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture : venue_fixture {
  fixture() {
    step(batch{at_seconds(100)}
           .reset()
           .bid(999, 10)
           .bid(998, 20)
           .bid(997, 30)
           .ask(1'001, 10)
           .ask(1'002, 20)
           .ask(1'003, 30)
           .complete());
  }

  /// Lets time pass, so that commands arrive.
  void wait(int64_t seconds) {
    step(at_seconds(seconds));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(venue_book_tests, fixture)

// -- takers -------------------------------------------------------------------

CAF_TEST(taker_walks_the_levels) {
  step(make_order(1, at_seconds(101), 25));
  wait(102);
  CAF_REQUIRE_EQUAL(out.fills.size(), 2u);
  CAF_CHECK_EQUAL(out.fills[0].px.ticks, 1'001);
  CAF_CHECK_EQUAL(out.fills[0].size.lots, 10);
  CAF_CHECK_EQUAL(out.fills[1].px.ticks, 1'002);
  CAF_CHECK_EQUAL(out.fills[1].size.lots, 15);
  CAF_CHECK_EQUAL(out.fills[1].time.ns,
                  (at_seconds(101) + settings.order_latency).ns);
  CAF_MESSAGE("a complete fill needs no further report");
  CAF_CHECK_EQUAL(out.reports.size(), 1u);
}

CAF_TEST(market_order_beyond_the_depth_is_cancelled_after_its_fills) {
  step(make_order(1, at_seconds(101), -100));
  wait(102);
  CAF_CHECK_EQUAL(position(), -60);
  CAF_CHECK(out.last_event() == order_event::cancelled);
  CAF_CHECK(!out.last_reason().empty());
  CAF_CHECK_EQUAL(venue.find(id_of(1))->filled.lots, 60);
}

CAF_TEST(market_order_fills_inside_of_the_permit_only) {
  step(make_order(1, at_seconds(101), 50, {.low = 900, .high = 1'002}));
  wait(102);
  CAF_CHECK_EQUAL(position(), 30);
  CAF_CHECK(out.last_event() == order_event::cancelled);
  CAF_MESSAGE("the best price is below the band: nothing is inside");
  step(make_order(2, at_seconds(103), 50, {.low = 1'002, .high = 1'100}));
  wait(104);
  CAF_CHECK_EQUAL(position(), 30);
  CAF_CHECK(out.last_event() == order_event::cancelled);
}

CAF_TEST(market_order_respects_its_worst_price) {
  step(make_order(1, at_seconds(101), -50, {.limit = 998}));
  wait(102);
  CAF_CHECK_EQUAL(position(), -30);
  CAF_CHECK(out.last_event() == order_event::cancelled);
}

CAF_TEST(limit_order_takes_within_its_limit_and_rests) {
  step(limit_order(1, at_seconds(101), 25, 1'001));
  wait(102);
  CAF_CHECK_EQUAL(position(), 10);
  CAF_CHECK_EQUAL(venue.open_orders().size(), 1u);
  CAF_MESSAGE("the market still shows what we took; it is not there twice");
  step(batch{at_seconds(103)}.ask(1'003, 31).complete().trade(1'001, 5));
  CAF_CHECK_EQUAL(position(), 10);
  CAF_MESSAGE("a seller meets our bid, which is the best");
  step(batch{at_seconds(104)}.trade(999, -4));
  CAF_CHECK_EQUAL(position(), 14);
  CAF_CHECK_EQUAL(out.fills.back().px.ticks, 1'001);
  CAF_CHECK_EQUAL(out.fills.back().maker, true);
  CAF_MESSAGE("the offers go and come back: now they are new");
  step(batch{at_seconds(105)}.ask(1'001, 0).complete());
  CAF_CHECK_EQUAL(position(), 14);
  step(batch{at_seconds(106)}.ask(1'001, 7).complete());
  CAF_CHECK_EQUAL(position(), 25);
}

CAF_TEST(post_only_that_would_take_is_rejected) {
  step(post_only(1, at_seconds(101), 10, 1'001));
  step(post_only(2, at_seconds(101), 10, 1'000));
  wait(102);
  CAF_CHECK_EQUAL(position(), 0);
  CAF_CHECK(venue.find(id_of(1))->status == order_status::rejected);
  CAF_CHECK(!venue.find(id_of(1))->reason.empty());
  CAF_CHECK(venue.find(id_of(2))->status == order_status::live);
}

// -- resting orders -----------------------------------------------------------

CAF_TEST(resting_order_waits_behind_the_queue) {
  step(limit_order(1, at_seconds(101), 8, 999));
  wait(102);
  CAF_CHECK_EQUAL(venue.find(id_of(1))->queue_ahead.lots, 10);
  step(batch{at_seconds(103)}.trade(999, -7));
  CAF_CHECK_EQUAL(venue.find(id_of(1))->queue_ahead.lots, 3);
  CAF_CHECK_EQUAL(position(), 0);
  CAF_MESSAGE("three are before us, two are left for us");
  step(batch{at_seconds(104)}.trade(999, -5));
  CAF_CHECK_EQUAL(position(), 2);
  CAF_CHECK_EQUAL(out.fills[0].px.ticks, 999);
  CAF_CHECK_EQUAL(out.fills[0].maker, true);
  step(batch{at_seconds(105)}.trade(999, -50));
  CAF_CHECK_EQUAL(position(), 8);
  CAF_CHECK(venue.find(id_of(1))->status == order_status::filled);
}

CAF_TEST(cancels_before_us_shorten_the_queue_and_later_orders_do_not) {
  step(limit_order(1, at_seconds(101), 8, 999));
  wait(102);
  step(batch{at_seconds(103)}.bid(999, 4).complete());
  CAF_CHECK_EQUAL(venue.find(id_of(1))->queue_ahead.lots, 4);
  step(batch{at_seconds(104)}.bid(999, 400).complete());
  CAF_CHECK_EQUAL(venue.find(id_of(1))->queue_ahead.lots, 4);
}

CAF_TEST(aggressors_of_our_own_side_do_not_fill_us) {
  step(limit_order(1, at_seconds(101), 8, 999));
  wait(102);
  step(batch{at_seconds(103)}.trade(999, 100).trade(1'001, 100));
  CAF_CHECK_EQUAL(position(), 0);
  CAF_CHECK_EQUAL(venue.find(id_of(1))->queue_ahead.lots, 10);
}

CAF_TEST(trade_beyond_the_price_fills_at_our_price) {
  step(limit_order(1, at_seconds(101), 8, 999));
  step(limit_order(2, at_seconds(101), -8, 1'001));
  wait(102);
  step(batch{at_seconds(103)}.trade(998, -1));
  CAF_REQUIRE_EQUAL(out.fills.size(), 1u);
  CAF_CHECK_EQUAL(out.fills[0].px.ticks, 999);
  CAF_CHECK_EQUAL(out.fills[0].size.lots, 8);
  step(batch{at_seconds(104)}.trade(1'002, 1));
  CAF_REQUIRE_EQUAL(out.fills.size(), 2u);
  CAF_CHECK_EQUAL(out.fills[1].px.ticks, 1'001);
}

CAF_TEST(opposite_best_at_our_price_fills_when_the_book_is_complete) {
  step(limit_order(1, at_seconds(101), 8, 999));
  wait(102);
  CAF_MESSAGE("within a group the book is never matched");
  step(batch{at_seconds(103)}.ask(999, 5));
  CAF_CHECK_EQUAL(position(), 0);
  step(batch{at_seconds(103)}.bid(999, 0).complete());
  CAF_CHECK_EQUAL(position(), 8);
  CAF_CHECK_EQUAL(out.fills[0].px.ticks, 999);
}

CAF_TEST(one_trade_is_not_given_to_two_of_our_orders) {
  step(limit_order(1, at_seconds(101), 3, 999));
  step(limit_order(2, at_seconds(101), 3, 999));
  wait(102);
  step(batch{at_seconds(103)}.trade(999, -14));
  CAF_CHECK_EQUAL(venue.find(id_of(1))->filled.lots, 3);
  CAF_CHECK_EQUAL(venue.find(id_of(2))->filled.lots, 1);
}

// -- time ---------------------------------------------------------------------

CAF_TEST(order_meets_the_book_as_it_is_on_arrival) {
  settings.order_latency = std::chrono::seconds{1};
  use(settings);
  step(batch{at_seconds(100)}.reset().bid(999, 10).ask(1'001, 10).complete());
  step(make_order(1, at_seconds(100), 5));
  CAF_MESSAGE("the price moves before, and again after the order arrives");
  step(batch{at_seconds(100)}.ask(1'001, 0).ask(1'005, 10).complete());
  CAF_CHECK_EQUAL(position(), 0);
  step(batch{at_seconds(102)}.ask(1'005, 0).ask(1'009, 10).complete());
  CAF_REQUIRE_EQUAL(out.fills.size(), 1u);
  CAF_CHECK_EQUAL(out.fills[0].px.ticks, 1'005);
  CAF_CHECK_EQUAL(out.fills[0].time.ns, at_seconds(101).ns);
}

CAF_TEST(order_waits_for_a_complete_book) {
  step(batch{at_seconds(101)}.reset().bid(999, 1));
  step(make_order(1, at_seconds(101), 5));
  step(cancel_order{id_of(1), at_seconds(101)});
  wait(102);
  CAF_CHECK_EQUAL(out.fills.size(), 0u);
  step(batch{at_seconds(103)}.ask(1'010, 5).complete());
  wait(104);
  CAF_REQUIRE_EQUAL(out.fills.size(), 1u);
  CAF_CHECK_EQUAL(out.fills[0].px.ticks, 1'010);
  CAF_CHECK_EQUAL(out.fills[0].time.ns, at_seconds(103).ns);
  CAF_MESSAGE("the cancel came after the order and finds it filled");
  CAF_CHECK(out.last_event() == order_event::completed);
}

CAF_TEST(commands_are_carried_out_in_the_order_of_arrival) {
  step(make_order(2, at_seconds(102), -5));
  step(make_order(1, at_seconds(101), 5));
  step(cancel_order{id_of(3), at_seconds(103)});
  step(limit_order(3, at_seconds(103), 5, 998));
  wait(110);
  CAF_REQUIRE_EQUAL(out.fills.size(), 2u);
  CAF_CHECK_EQUAL(out.fills[0].id.sequence, 1u);
  CAF_CHECK_EQUAL(out.fills[1].id.sequence, 2u);
  CAF_MESSAGE("equal arrival: the cancel was told first and finds nothing");
  CAF_REQUIRE_EQUAL(out.reports.size(), 4u);
  CAF_CHECK(out.reports[2].event == order_event::absent);
  CAF_CHECK(out.reports[3].event == order_event::accepted);
}

// -- funding ------------------------------------------------------------------

CAF_TEST(funding_uses_the_first_mark_price_and_the_position_before_it) {
  constexpr int64_t boundary = 28'800;
  step(make_order(1, at_seconds(boundary - 10), 10));
  step(batch{at_seconds(boundary - 5)}.mark(1'000));
  CAF_CHECK_EQUAL(position(), 10);
  CAF_MESSAGE("after the boundary, before a mark price, the position closes");
  step(make_order(2, at_seconds(boundary), -10));
  step(batch{at_seconds(boundary + 1)}.trade(1'000, 1));
  CAF_CHECK_EQUAL(position(), 0);
  CAF_CHECK_EQUAL(out.payments.size(), 0u);
  step(batch{at_seconds(boundary + 2)}.mark(1'100));
  step(batch{at_seconds(boundary + 3)}.mark(1'200));
  CAF_REQUIRE_EQUAL(out.payments.size(), 1u);
  CAF_CHECK_EQUAL(out.payments[0].paid.e8, 11'000);
  CAF_CHECK_EQUAL(out.payments[0].time.ns, at_seconds(boundary).ns);
}

CAF_TEST(bars_of_a_symbol_with_a_book_are_ignored) {
  step(limit_order(1, at_seconds(101), 8, 999));
  wait(102);
  step(make_bar(0, 900, 900, 900, 900));
  CAF_CHECK_EQUAL(position(), 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
