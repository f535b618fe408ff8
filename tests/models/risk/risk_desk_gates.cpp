#define CAF_SUITE risk.risk_desk_gates

#include "tests/models/risk/risk_desk_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

using gate = risk_gate;

struct fixture : desk_fixture {};

} // namespace

CAF_TEST_FIXTURE_SCOPE(risk_desk_gate_tests, fixture)

CAF_TEST(permit_names_what_it_allows) {
  auto query = request(100);
  CAF_CHECK(ask(query) == gate::none);
  CAF_REQUIRE_EQUAL(out.permits.size(), 1u);
  auto& right = out.permits[0];
  CAF_CHECK(right.id == query.id);
  CAF_CHECK(right.decision == query.decision);
  CAF_CHECK_EQUAL(right.gate_epoch, 7u);
  CAF_CHECK(right.direction == side::buy);
  CAF_CHECK_EQUAL(right.size.lots, 100);
  CAF_CHECK_EQUAL(right.low.ticks, 980);
  CAF_CHECK_EQUAL(right.high.ticks, 1'020);
  CAF_CHECK_EQUAL(right.reduce_only, false);
  CAF_CHECK_EQUAL(right.expires.ns, (now + 5 * second).ns);
}

CAF_TEST(refusal_names_order_decision_and_time) {
  auto query = request(0);
  CAF_CHECK(ask(query) == gate::size);
  auto& no = out.refusals[0];
  CAF_CHECK(no.id == query.id);
  CAF_CHECK(no.decision == query.decision);
  CAF_CHECK_EQUAL(no.time.ns, now.ns);
  CAF_CHECK(out.permits.empty());
}

// -- state --------------------------------------------------------------------

CAF_TEST(only_active_permits_orders_that_open) {
  struct row {
    trading_state state;
    bool flatten;
    gate opening;
    gate reduction;
  };
  for (auto& x :
       {row{trading_state::starting, false, gate::trading_state,
            gate::trading_state},
        row{trading_state::reconciled, false, gate::trading_state,
            gate::trading_state},
        row{trading_state::active, false, gate::none, gate::none},
        row{trading_state::reducing, false, gate::reducing, gate::none},
        row{trading_state::halted, true, gate::reducing, gate::none},
        row{trading_state::halted, false, gate::trading_state,
            gate::trading_state}}) {
    start();
    hold(100);
    enter(x.state, x.flatten);
    CAF_CHECK(ask(10) == x.opening);
    CAF_CHECK(ask(-10, true) == x.reduction);
    if (x.opening != gate::none)
      CAF_CHECK(out.refusals[0].value == static_cast<int64_t>(x.state)
                && out.refusals[0].limit
                     == static_cast<int64_t>(trading_state::active));
  }
}

CAF_TEST(desk_that_knows_no_state_permits_nothing) {
  desk.emplace(instruments, limits, usdt(10'000));
  set_feed(feed_status::live);
  mark(1'000);
  CAF_CHECK(ask(10) == gate::trading_state);
}

CAF_TEST(reduction_has_to_say_so_and_to_be_one) {
  hold(100);
  enter(trading_state::reducing);
  CAF_CHECK(ask(-10) == gate::reducing);
  CAF_CHECK(ask(10, true) == gate::reducing);
  CAF_CHECK(ask(-101, true) == gate::reducing);
  CAF_CHECK(ask(-100, true) == gate::none);
  CAF_MESSAGE("the whole position is spoken for");
  CAF_CHECK(ask(-1, true) == gate::reducing);
}

// -- market -------------------------------------------------------------------

CAF_TEST(no_order_is_priced_from_a_feed_that_is_not_live) {
  hold(100);
  for (auto status : {feed_status::starting, feed_status::stale,
                      feed_status::gapped, feed_status::crossed}) {
    set_feed(status);
    CAF_CHECK(ask(10) == gate::feed);
    CAF_CHECK(refused_with(gate::feed, 0, 1));
    CAF_CHECK(ask(-10, true) == gate::feed);
    CAF_CHECK(ask(10, false, 1) == gate::none);
    settled(out.permits.back().id, order_status::cancelled);
  }
  set_feed(feed_status::live);
  now = now + 60 * second;
  CAF_CHECK(ask(10) == gate::none);
}

CAF_TEST(no_order_without_a_mark) {
  desk.emplace(instruments, limits, usdt(10'000));
  enter(trading_state::active);
  set_feed(feed_status::live);
  CAF_CHECK(ask(10) == gate::no_mark);
  CAF_CHECK(refused_with(gate::no_mark, 0, 1));
}

CAF_TEST(without_equity_only_reductions_pass) {
  start(usdt(1));
  hold(100);
  mark(990);
  CAF_CHECK(ask(10) == gate::equity);
  CAF_CHECK(refused_with(gate::equity, 0, 0));
  CAF_CHECK(ask(-10, true) == gate::none);
}

// -- order --------------------------------------------------------------------

CAF_TEST(size_has_to_be_positive) {
  CAF_CHECK(ask(0) == gate::size);
  CAF_CHECK(refused_with(gate::size, 0, 1));
  auto query = request(10);
  query.size = {-10};
  CAF_CHECK(ask(query) == gate::size);
  CAF_CHECK(refused_with(gate::size, -10, 1));
}

CAF_TEST(id_is_permitted_once) {
  auto query = request(10);
  CAF_CHECK(ask(query) == gate::none);
  CAF_CHECK(ask(query) == gate::duplicate);
  CAF_CHECK(refused_with(gate::duplicate, 1, 0));
  CAF_CHECK_EQUAL(desk->account(now).open_orders, 1u);
}

CAF_TEST(unknown_order_lets_only_reductions_of_its_symbol_pass) {
  hold(100);
  ask(10);
  settled(out.permits[0].id, order_status::unknown);
  CAF_CHECK(ask(10) == gate::unknown_order);
  CAF_CHECK(refused_with(gate::unknown_order, 1, 0));
  CAF_CHECK(ask(-10, true) == gate::none);
  CAF_CHECK(ask(10, false, 1) == gate::none);
  settled(out.permits[0].id, order_status::live);
  CAF_CHECK(ask(10) == gate::none);
}

CAF_TEST(order_rate_is_counted_per_symbol_and_window) {
  limits.max_orders = 2;
  limits.order_window = 10 * second;
  start();
  CAF_CHECK(ask(10) == gate::none);
  now = now + second;
  CAF_CHECK(ask(10) == gate::none);
  CAF_CHECK(ask(10) == gate::order_rate);
  CAF_CHECK(refused_with(gate::order_rate, 2, 2));
  CAF_CHECK(ask(10, false, 1) == gate::none);
  CAF_MESSAGE("ten seconds after the first it still counts");
  now = t0 + 10 * second;
  CAF_CHECK(ask(10) == gate::order_rate);
  now = now + timespan{1};
  CAF_CHECK(ask(10) == gate::none);
  CAF_CHECK(ask(10) == gate::order_rate);
}

CAF_TEST(refused_order_does_not_count_for_the_rate) {
  limits.max_orders = 1;
  start();
  CAF_CHECK(ask(0) == gate::size);
  CAF_CHECK(ask(10) == gate::none);
}

CAF_TEST(price_collar_holds_on_both_sides) {
  struct row {
    int64_t reference;
    gate expected;
  };
  for (auto& x : {row{1'019, gate::none}, row{1'020, gate::none},
                  row{1'021, gate::price_collar}, row{981, gate::none},
                  row{980, gate::none}, row{979, gate::price_collar},
                  row{0, gate::price_collar}}) {
    start();
    auto query = request(10);
    query.reference = {x.reference};
    CAF_CHECK(ask(query) == x.expected);
  }
  start();
  auto query = request(10);
  query.reference = {1'030};
  ask(query);
  CAF_MESSAGE("3 % against 2 %");
  CAF_CHECK(refused_with(gate::price_collar, 3'000'000, 2'000'000));
}

// -- exposure -----------------------------------------------------------------

CAF_TEST(order_notional_has_a_floor) {
  CAF_CHECK(ask(9) == gate::min_notional);
  CAF_CHECK(refused_with(gate::min_notional, usdt(9).e8, usdt(10).e8));
  CAF_CHECK(ask(10) == gate::none);
  CAF_CHECK(ask(11) == gate::none);
}

CAF_TEST(order_notional_has_a_ceiling) {
  CAF_CHECK(ask(5'001) == gate::max_order_notional);
  CAF_CHECK(
    refused_with(gate::max_order_notional, usdt(5'001).e8, usdt(5'000).e8));
  CAF_CHECK(ask(4'999) == gate::none);
  start();
  CAF_CHECK(ask(5'000) == gate::none);
}

CAF_TEST(position_notional_counts_open_orders) {
  for (auto held : {4'000, -4'000}) {
    auto sign = held > 0 ? 1 : -1;
    for (auto extra : {1'999, 2'000, 2'001}) {
      start();
      hold(held);
      CAF_CHECK(ask(sign * 2'000) == gate::none);
      auto expected = extra > 2'000 ? gate::max_position_notional : gate::none;
      CAF_CHECK(ask(sign * extra) == expected);
    }
    CAF_CHECK(refused_with(gate::max_position_notional, usdt(8'001).e8,
                           usdt(8'000).e8));
  }
}

CAF_TEST(gross_leverage_counts_all_symbols_and_open_orders) {
  for (auto extra : {2'999, 3'000, 3'001}) {
    start();
    hold(-4'000, 1);
    CAF_CHECK(ask(-1'000, false, 1) == gate::none);
    CAF_CHECK(ask(2'000) == gate::none);
    auto expected = extra > 3'000 ? gate::max_gross_leverage : gate::none;
    CAF_CHECK(ask(extra) == expected);
  }
  CAF_CHECK(refused_with(gate::max_gross_leverage, 100'010'000, 100'000'000));
}

CAF_TEST(unknown_order_counts_at_full_size_against_the_leverage) {
  CAF_CHECK(ask(5'000) == gate::none);
  settled(out.permits[0].id, order_status::unknown);
  CAF_CHECK(ask(5'000, false, 1) == gate::none);
  CAF_CHECK(ask(10, false, 1) == gate::max_gross_leverage);
  settled(out.permits[0].id, order_status::cancelled);
  CAF_CHECK(ask(10, false, 1) == gate::none);
}

CAF_TEST(reduction_passes_whatever_the_exposure_is) {
  hold(20'000);
  CAF_CHECK(ask(10) == gate::max_position_notional);
  CAF_MESSAGE("below the floor and above the ceiling");
  CAF_CHECK(ask(-1, true) == gate::none);
  CAF_CHECK(ask(-19'999, true) == gate::none);
}

CAF_TEST(false_reduction_is_judged_as_what_it_is) {
  hold(100);
  CAF_CHECK(ask(-6'000, true) == gate::max_order_notional);
  CAF_CHECK(ask(-105, true) == gate::none);
  CAF_CHECK(ask(-5, true) == gate::min_notional);
}

CAF_TEST_FIXTURE_SCOPE_END()
