#define CAF_SUITE simulation.venue_bars

#include "tests/models/simulation/venue_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture : venue_fixture {};

} // namespace

CAF_TEST_FIXTURE_SCOPE(venue_bar_tests, fixture)

// -- market orders ------------------------------------------------------------

CAF_TEST(decision_at_a_close_fills_at_the_next_open) {
  step(make_bar(0, 1'000, 1'010, 990, 1'005));
  step(make_order(1, close_of(0), 10));
  CAF_CHECK(out.lines.empty());
  CAF_MESSAGE("the open of the next bar differs from the close before it");
  step(make_bar(1, 1'020, 1'030, 1'015, 1'025));
  CAF_REQUIRE_EQUAL(out.fills.size(), 1u);
  CAF_CHECK_EQUAL(out.fills[0].px.ticks, 1'020);
  CAF_CHECK_EQUAL(out.fills[0].size.lots, 10);
  CAF_CHECK_EQUAL(out.fills[0].maker, false);
  CAF_CHECK_EQUAL(out.fills[0].execution, 1u);
  auto arrival = close_of(0) + settings.order_latency;
  CAF_CHECK_EQUAL(out.fills[0].time.ns, arrival.ns);
  CAF_REQUIRE_EQUAL(out.reports.size(), 1u);
  CAF_CHECK(out.reports[0].event == order_event::accepted);
  CAF_CHECK_EQUAL(out.reports[0].time.ns, arrival.ns);
  CAF_CHECK_EQUAL(position(), 10);
}

CAF_TEST(order_that_arrives_at_the_close_misses_the_bar) {
  settings.order_latency = std::chrono::minutes{1};
  use(settings);
  step(make_bar(0, 1'000, 1'010, 990, 1'005));
  step(make_order(1, close_of(0), 10));
  step(make_bar(1, 1'020, 1'030, 1'015, 1'025));
  CAF_CHECK(out.lines.empty());
  step(make_bar(2, 1'040, 1'040, 1'040, 1'040));
  CAF_REQUIRE_EQUAL(out.fills.size(), 1u);
  CAF_CHECK_EQUAL(out.fills[0].px.ticks, 1'040);
}

CAF_TEST(latency_longer_than_a_bar_skips_bars) {
  settings.order_latency = std::chrono::seconds{150};
  use(settings);
  step(make_order(1, close_of(0), 10));
  step(make_bar(1, 1'010, 1'010, 1'010, 1'010));
  step(make_bar(2, 1'020, 1'020, 1'020, 1'020));
  CAF_CHECK(out.lines.empty());
  step(make_bar(3, 1'030, 1'030, 1'030, 1'030));
  CAF_REQUIRE_EQUAL(out.fills.size(), 1u);
  CAF_CHECK_EQUAL(out.fills[0].px.ticks, 1'030);
}

CAF_TEST(time_step_does_not_let_an_order_see_the_bar_it_arrived_after) {
  settings.order_latency = std::chrono::minutes{1};
  use(settings);
  step(make_bar(0, 1'000, 1'010, 990, 1'005));
  step(make_order(1, close_of(0), 10));
  CAF_MESSAGE("time reaches the close of bar 1 before the bar does");
  step(close_of(1));
  CAF_CHECK(out.last_event() == order_event::accepted);
  step(make_bar(1, 1'020, 1'030, 1'015, 1'025));
  CAF_CHECK_EQUAL(out.fills.size(), 0u);
  step(make_bar(2, 1'040, 1'040, 1'040, 1'040));
  CAF_REQUIRE_EQUAL(out.fills.size(), 1u);
  CAF_CHECK_EQUAL(out.fills[0].px.ticks, 1'040);
}

CAF_TEST(slippage_moves_a_taker_against_itself_and_rounds_up) {
  settings.bar_slippage_e8 = 10'000; // one basis point
  use(settings);
  step(make_order(1, close_of(0), 10));
  step(make_order(2, close_of(0), -10));
  step(make_bar(1, 30'001, 30'100, 29'900, 30'000));
  CAF_REQUIRE_EQUAL(out.fills.size(), 2u);
  CAF_CHECK_EQUAL(out.fills[0].px.ticks, 30'005);
  CAF_CHECK_EQUAL(out.fills[1].px.ticks, 29'997);
}

CAF_TEST(open_outside_of_the_permit_cancels_a_market_order) {
  step(make_order(1, close_of(0), 10, {.low = 990, .high = 1'010}));
  step(make_order(2, close_of(0), -10, {.low = 1'021, .high = 1'030}));
  step(make_order(3, close_of(0), 10, {.limit = 1'019}));
  step(make_bar(1, 1'020, 1'030, 1'000, 1'005));
  CAF_CHECK_EQUAL(out.fills.size(), 0u);
  CAF_REQUIRE_EQUAL(out.reports.size(), 6u);
  CAF_CHECK(out.reports[1].event == order_event::cancelled);
  CAF_CHECK(out.reports[3].event == order_event::cancelled);
  CAF_CHECK(out.reports[5].event == order_event::cancelled);
  CAF_CHECK(!out.reports[1].reason.empty());
  CAF_CHECK_EQUAL(position(), 0);
}

// -- limit orders -------------------------------------------------------------

CAF_TEST(resting_limit_fills_at_its_own_price_on_a_gap) {
  step(make_bar(0, 1'000, 1'010, 990, 1'005));
  step(limit_order(1, close_of(0), 10, 980));
  step(make_bar(1, 1'000, 1'010, 985, 1'000));
  CAF_CHECK_EQUAL(out.fills.size(), 0u);
  CAF_MESSAGE("the market opens far below the limit: no better price for us");
  step(make_bar(2, 900, 910, 890, 905));
  CAF_REQUIRE_EQUAL(out.fills.size(), 1u);
  CAF_CHECK_EQUAL(out.fills[0].px.ticks, 980);
  CAF_CHECK_EQUAL(out.fills[0].maker, true);
  CAF_CHECK_EQUAL(out.fills[0].time.ns, close_of(2).ns);
}

CAF_TEST(resting_limit_needs_a_trade_through_its_price) {
  step(limit_order(1, close_of(0), 10, 980));
  step(limit_order(2, close_of(0), -10, 1'020));
  CAF_MESSAGE("touching the price is not enough: others were there first");
  step(make_bar(1, 1'000, 1'020, 980, 1'000));
  CAF_CHECK_EQUAL(out.fills.size(), 0u);
  step(make_bar(2, 1'000, 1'021, 979, 1'000));
  CAF_REQUIRE_EQUAL(out.fills.size(), 2u);
  CAF_CHECK_EQUAL(out.fills[0].px.ticks, 980);
  CAF_CHECK_EQUAL(out.fills[1].px.ticks, 1'020);
}

CAF_TEST(limit_that_crosses_on_arrival_takes_at_the_open) {
  step(limit_order(1, close_of(0), 10, 1'050));
  step(limit_order(2, close_of(0), -10, 1'020));
  step(make_bar(1, 1'020, 1'030, 1'015, 1'025));
  CAF_REQUIRE_EQUAL(out.fills.size(), 2u);
  CAF_CHECK_EQUAL(out.fills[0].px.ticks, 1'020);
  CAF_CHECK_EQUAL(out.fills[0].maker, false);
  CAF_CHECK_EQUAL(out.fills[1].px.ticks, 1'020);
  CAF_CHECK_EQUAL(out.fills[1].maker, false);
}

CAF_TEST(slippage_never_carries_a_limit_order_beyond_its_limit) {
  settings.bar_slippage_e8 = 1'000'000; // one percent
  use(settings);
  step(limit_order(1, close_of(0), 10, 1'005));
  step(make_bar(1, 1'000, 1'030, 1'000, 1'025));
  CAF_REQUIRE_EQUAL(out.fills.size(), 1u);
  CAF_CHECK_EQUAL(out.fills[0].px.ticks, 1'005);
}

CAF_TEST(post_only_that_would_take_at_the_open_is_rejected) {
  step(post_only(1, close_of(0), 10, 1'020));
  step(post_only(2, close_of(0), 10, 1'019));
  step(make_bar(1, 1'020, 1'030, 1'019, 1'025));
  CAF_CHECK_EQUAL(out.fills.size(), 0u);
  CAF_CHECK(venue.find(id_of(1))->status == order_status::rejected);
  CAF_CHECK(!venue.find(id_of(1))->reason.empty());
  CAF_CHECK(venue.find(id_of(2))->status == order_status::live);
}

// -- fees, volume -------------------------------------------------------------

CAF_TEST(makers_and_takers_pay_their_own_fee) {
  step(make_order(1, close_of(0), 10));
  step(limit_order(2, close_of(0), -10, 1'200));
  step(make_bar(1, 1'000, 1'300, 1'000, 1'250));
  CAF_REQUIRE_EQUAL(out.fills.size(), 2u);
  // 1'000 ticks × 10 lots × 1e-4 USDT = 1 USDT; 0.055 % of it.
  CAF_CHECK_EQUAL(out.fills[0].fee.e8, 55'000);
  CAF_CHECK_EQUAL(out.fills[0].maker, false);
  // 1.2 USDT × 0.02 %.
  CAF_CHECK_EQUAL(out.fills[1].fee.e8, 24'000);
  CAF_CHECK_EQUAL(out.fills[1].maker, true);
  CAF_CHECK_EQUAL(venue.account().fees.e8, 79'000);
  CAF_CHECK_EQUAL(venue.account().cash.e8,
                  10'000 * money::scale + 20'000'000 - 79'000);
  CAF_CHECK_EQUAL(venue.equity().e8, venue.account().cash.e8);
}

CAF_TEST(order_takes_no_more_than_its_share_of_the_volume) {
  settings.bar_volume_share_bps = 1'000; // ten percent
  use(settings);
  step(make_order(1, close_of(0), 25));
  step(make_bar(1, 1'000, 1'000, 1'000, 1'000, 100));
  step(make_bar(2, 1'010, 1'010, 1'010, 1'010, 109));
  CAF_CHECK_EQUAL(position(), 20);
  CAF_CHECK_EQUAL(venue.open_orders().size(), 1u);
  step(make_bar(3, 1'020, 1'020, 1'020, 1'020, 1'000));
  CAF_REQUIRE_EQUAL(out.fills.size(), 3u);
  CAF_CHECK_EQUAL(out.fills[0].size.lots, 10);
  CAF_CHECK_EQUAL(out.fills[1].size.lots, 10);
  CAF_CHECK_EQUAL(out.fills[1].px.ticks, 1'010);
  CAF_CHECK_EQUAL(out.fills[2].size.lots, 5);
  CAF_CHECK_EQUAL(out.fills[2].px.ticks, 1'020);
  CAF_CHECK(venue.find(id_of(1))->status == order_status::filled);
}

CAF_TEST(crossing_limit_shares_one_volume_between_taking_and_resting) {
  settings.bar_volume_share_bps = 1'000;
  use(settings);
  step(limit_order(1, close_of(0), 25, 1'000));
  step(make_bar(1, 1'000, 1'010, 900, 950, 100));
  CAF_CHECK_EQUAL(position(), 10);
  step(make_bar(2, 950, 950, 940, 945, 100));
  CAF_REQUIRE_EQUAL(out.fills.size(), 2u);
  CAF_CHECK_EQUAL(out.fills[1].maker, true);
  CAF_CHECK_EQUAL(out.fills[1].px.ticks, 1'000);
}

// -- cancels ------------------------------------------------------------------

CAF_TEST(cancel_loses_against_a_fill_at_the_open_before_it) {
  step(make_order(1, close_of(0), 10));
  step(cancel_order{id_of(1), close_of(0)});
  step(make_bar(1, 1'000, 1'000, 1'000, 1'000));
  CAF_CHECK_EQUAL(position(), 10);
  CAF_CHECK(out.last_event() == order_event::completed);
}

CAF_TEST(cancel_that_arrives_within_a_bar_beats_its_range) {
  step(limit_order(1, close_of(0), 10, 980));
  step(make_bar(1, 1'000, 1'000, 990, 1'000));
  step(cancel_order{id_of(1), close_of(1)});
  step(make_bar(2, 1'000, 1'000, 900, 950));
  CAF_CHECK_EQUAL(position(), 0);
  CAF_CHECK(out.last_event() == order_event::cancelled);
  CAF_CHECK(venue.open_orders().empty());
}

CAF_TEST(cancel_that_arrives_after_a_bar_loses_against_its_range) {
  settings.order_latency = std::chrono::seconds{61};
  use(settings);
  step(limit_order(1, close_of(0), 10, 980));
  step(make_bar(2, 1'000, 1'000, 990, 1'000));
  step(cancel_order{id_of(1), close_of(2)});
  step(make_bar(3, 1'000, 1'000, 900, 950));
  CAF_CHECK_EQUAL(position(), 10);
  step(make_bar(4, 1'000, 1'000, 900, 950));
  CAF_CHECK(out.last_event() == order_event::completed);
}

CAF_TEST(time_steps_between_bars_change_no_outcome) {
  auto run = [&](bool with_time) {
    use(settings);
    step(make_bar(0, 1'000, 1'000, 1'000, 1'000));
    step(make_order(1, close_of(0), 10));
    step(cancel_order{id_of(1), close_of(0)});
    step(make_order(2, close_of(0), -10, {.reduce_only = true}));
    if (with_time)
      step(close_of(0) + std::chrono::seconds{1});
    step(make_bar(1, 1'010, 1'020, 1'000, 1'010));
    return out.lines;
  };
  auto expected = run(false);
  CAF_CHECK_EQUAL(run(true), expected);
  CAF_CHECK_EQUAL(out.fills.size(), 2u);
}

// -- funding ------------------------------------------------------------------

CAF_TEST(funding_is_paid_once_per_boundary_at_the_open) {
  // 3'600'000'000 s is a multiple of eight hours.
  step(make_bar(-2, 1'000, 1'000, 1'000, 1'000));
  step(make_order(1, close_of(-2), 10));
  step(make_bar(-1, 1'000, 1'000, 1'000, 1'000));
  CAF_CHECK_EQUAL(out.payments.size(), 0u);
  step(make_bar(0, 1'100, 1'200, 1'000, 1'150));
  CAF_REQUIRE_EQUAL(out.payments.size(), 1u);
  // 1'100 ticks × 10 lots × 1e-4 USDT × 0.01 %.
  CAF_CHECK_EQUAL(out.payments[0].paid.e8, 11'000);
  CAF_CHECK_EQUAL(out.payments[0].time.ns, close_of(-1).ns);
  CAF_CHECK_EQUAL(venue.account().funding.e8, 11'000);
  for (int64_t minute = 1; minute < 480; ++minute)
    step(make_bar(minute, 1'100, 1'200, 1'000, 1'150));
  CAF_CHECK_EQUAL(out.payments.size(), 1u);
  step(make_bar(480, 1'100, 1'200, 1'000, 1'150));
  CAF_CHECK_EQUAL(out.payments.size(), 2u);
}

CAF_TEST(funding_is_due_on_the_position_before_the_boundary) {
  step(make_bar(-3, 1'000, 1'000, 1'000, 1'000));
  step(make_order(1, close_of(-3), -10));
  step(make_bar(-2, 1'000, 1'000, 1'000, 1'000));
  CAF_MESSAGE("the order to close is filled at the open at the boundary");
  step(make_order(2, close_of(-1), 10));
  step(make_bar(0, 1'000, 1'000, 1'000, 1'000));
  CAF_CHECK_EQUAL(position(), 0);
  CAF_REQUIRE_EQUAL(out.payments.size(), 1u);
  CAF_CHECK_EQUAL(out.payments[0].paid.e8, -10'000);
}

CAF_TEST(each_boundary_inside_a_gap_is_paid_at_the_first_price_after_it) {
  step(make_bar(-2, 1'000, 1'000, 1'000, 1'000));
  step(make_order(1, close_of(-2), 10));
  step(make_bar(-1, 1'000, 1'000, 1'000, 1'000));
  step(make_bar(1'000, 2'000, 2'000, 2'000, 2'000));
  CAF_REQUIRE_EQUAL(out.payments.size(), 3u);
  for (auto& payment : out.payments)
    CAF_CHECK_EQUAL(payment.paid.e8, 20'000);
  CAF_CHECK_EQUAL(out.payments[0].time.ns, close_of(-1).ns);
  CAF_CHECK_EQUAL(out.payments[2].time.ns, close_of(959).ns);
}

CAF_TEST(no_position_pays_no_funding) {
  for (int64_t minute = -2; minute < 3; ++minute)
    step(make_bar(minute, 1'000, 1'000, 1'000, 1'000));
  CAF_CHECK(out.lines.empty());
}

CAF_TEST(equity_follows_the_close_of_a_quiet_bar) {
  step(make_order(1, close_of(0), 10));
  step(make_bar(1, 1'000, 1'000, 1'000, 1'000));
  auto before = venue.equity();
  step(make_bar(2, 1'000, 1'100, 1'000, 1'100));
  CAF_CHECK_EQUAL((venue.equity() - before).e8, 10'000'000);
}

CAF_TEST_FIXTURE_SCOPE_END()
