#define CAF_SUITE risk.risk_desk_account

#include "tests/models/risk/risk_desk_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

using gate = risk_gate;

struct fixture : desk_fixture {
  int64_t equity() {
    return desk->account(now).equity.e8;
  }

  uint32_t open_orders() {
    return desk->account(now).open_orders;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(risk_desk_account_tests, fixture)

// -- reservations -------------------------------------------------------------

CAF_TEST(reservation_is_released_by_the_end_of_its_order) {
  for (auto end : {order_status::cancelled, order_status::rejected,
                   order_status::filled}) {
    start();
    CAF_CHECK(ask(5'000) == gate::none);
    CAF_CHECK(ask(5'000) == gate::max_position_notional);
    settled(out.permits[0].id, end);
    CAF_CHECK_EQUAL(open_orders(), 0u);
    CAF_CHECK(ask(5'000) == gate::none);
  }
}

CAF_TEST(reservation_is_kept_while_the_order_lives) {
  for (auto status :
       {order_status::intent, order_status::live, order_status::unknown}) {
    start();
    ask(5'000);
    settled(out.permits[0].id, status);
    CAF_CHECK_EQUAL(open_orders(), 1u);
    CAF_CHECK(ask(5'000) != gate::none);
  }
}

CAF_TEST(fill_moves_lots_from_the_reservation_to_the_position) {
  ask(5'000);
  auto id = out.permits[0].id;
  filled(id, 2'000);
  CAF_CHECK(ask(3'001) == gate::max_position_notional);
  CAF_CHECK(
    refused_with(gate::max_position_notional, usdt(8'001).e8, usdt(8'000).e8));
  settled(id, order_status::cancelled);
  filled(id, 1);
  CAF_MESSAGE("the late fill of a cancelled order counts");
  CAF_CHECK(ask(5'000) == gate::none);
  CAF_CHECK_EQUAL(desk->books().at({0}).size.lots, 2'001);
}

CAF_TEST(end_of_an_order_nobody_knows_changes_nothing) {
  ask(10);
  settled({9, {0}, 9, 9}, order_status::cancelled);
  settled({9, {0}, 9, 9}, order_status::unknown);
  CAF_CHECK_EQUAL(open_orders(), 1u);
  CAF_CHECK(ask(10) == gate::none);
}

CAF_TEST(restored_orders_count_as_before) {
  desk.emplace(instruments, limits, usdt(10'000));
  std::vector<position> positions(2);
  positions[0] = {.size = {1'000}, .cost = usdt(1'000), .mark = {1'000}};
  desk->restore(positions, usdt(12'000));
  order_id known{1, {0}, 1, 77};
  desk->restore(known, side::buy, {5'000}, true);
  enter(trading_state::active);
  set_feed(feed_status::live);
  mark(1'000);
  CAF_CHECK_EQUAL(open_orders(), 1u);
  CAF_CHECK(ask(10) == gate::unknown_order);
  settled(known, order_status::live);
  CAF_CHECK(ask(2'001) == gate::max_position_notional);
  CAF_CHECK(ask(2'000) == gate::none);
  CAF_CHECK_EQUAL(desk->account(now).peak.e8, usdt(12'000).e8);
}

// -- account ------------------------------------------------------------------

CAF_TEST(allocator_hears_the_equity_of_the_moment) {
  hold(1'000);
  mark(1'010);
  step(account_query{{{0}, 5}, now});
  CAF_REQUIRE_EQUAL(out.views.size(), 1u);
  CAF_CHECK_EQUAL(out.views[0].decision.sequence, 5u);
  CAF_CHECK_EQUAL(out.views[0].time.ns, now.ns);
  CAF_CHECK_EQUAL(out.views[0].equity.e8, usdt(10'010).e8);
}

CAF_TEST(state_is_told_once_a_second) {
  desk->step(now, out);
  CAF_CHECK_EQUAL(out.states.size(), 1u);
  desk->step(now + second - timespan{1}, out);
  CAF_CHECK_EQUAL(out.states.size(), 1u);
  desk->step(now + second, out);
  CAF_CHECK_EQUAL(out.states.size(), 2u);
}

CAF_TEST(state_holds_every_figure_of_the_account) {
  ask(10);
  hold(1'000);
  hold(-500, 1);
  mark(1'010);
  mark(1'010, 1);
  step(funding_payment{.symbol = {0}, .time = now, .paid = usdt(2)});
  desk->step(now, out);
  auto& x = out.states.at(0);
  CAF_CHECK_EQUAL(x.time.ns, now.ns);
  CAF_CHECK_EQUAL(x.cash.e8, usdt(9'998).e8);
  CAF_CHECK_EQUAL(x.unrealised.e8, usdt(5).e8);
  CAF_CHECK_EQUAL(x.equity.e8, usdt(10'003).e8);
  CAF_CHECK_EQUAL(x.funding.e8, usdt(2).e8);
  CAF_CHECK_EQUAL(x.gross.e8, usdt(1'515).e8);
  CAF_CHECK_EQUAL(x.open_orders, 1u);
  CAF_REQUIRE_EQUAL(x.positions.size(), 2u);
  CAF_CHECK_EQUAL(x.positions[0].size.lots, 1'000);
  CAF_CHECK_EQUAL(x.positions[1].size.lots, -500);
  CAF_CHECK(x.peak >= x.equity);
}

CAF_TEST(round_trip_is_told_when_it_ends) {
  hold(1'000);
  CAF_CHECK(out.trades.empty());
  now = now + second;
  filled({1, {0}, 1, 5}, -1'000, 1'100);
  CAF_REQUIRE_EQUAL(out.trades.size(), 1u);
  CAF_CHECK_EQUAL(out.trades[0].size.lots, 1'000);
  CAF_CHECK_EQUAL(out.trades[0].profit.e8, usdt(100).e8);
  CAF_CHECK_EQUAL(out.trades[0].opened.ns, t0.ns);
  CAF_CHECK_EQUAL(out.trades[0].closed.ns, now.ns);
  CAF_CHECK_EQUAL(equity(), usdt(10'100).e8);
}

CAF_TEST_FIXTURE_SCOPE_END()
