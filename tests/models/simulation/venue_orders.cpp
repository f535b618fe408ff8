#define CAF_SUITE simulation.venue_orders

#include "tests/models/simulation/venue_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture : venue_fixture {
  void open_book() {
    step(batch{at_seconds(100)}
           .reset()
           .bid(999, 100)
           .ask(1'001, 100)
           .complete()
           .mark(1'000));
    out.clear();
  }

  fixture() {
    open_book();
  }

  void wait(int64_t seconds) {
    step(at_seconds(seconds));
  }

  std::string reason_of(uint32_t sequence) const {
    auto order = venue.find(id_of(sequence));
    return order && order->status == order_status::rejected ? order->reason
                                                            : "not rejected";
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(venue_order_tests, fixture)

CAF_TEST(accepted_is_told_at_arrival_and_not_before) {
  step(limit_order(1, at_seconds(101), 5, 990));
  step(at_seconds(101));
  CAF_CHECK(out.lines.empty());
  CAF_CHECK(venue.find(id_of(1)) == nullptr);
  CAF_CHECK_EQUAL(venue.in_flight(), 1u);
  step(at_seconds(101) + settings.order_latency);
  CAF_CHECK(out.last_event() == order_event::accepted);
  CAF_CHECK_EQUAL(out.reports[0].time.ns,
                  (at_seconds(101) + settings.order_latency).ns);
  CAF_CHECK_EQUAL(venue.open_orders().size(), 1u);
  CAF_CHECK_EQUAL(venue.in_flight(), 0u);
}

// -- repeated ids -------------------------------------------------------------

CAF_TEST(repeated_id_is_answered_with_the_status_and_fills_nothing) {
  step(limit_order(1, at_seconds(101), 5, 990));
  step(limit_order(1, at_seconds(101), 5, 990));
  wait(102);
  CAF_REQUIRE_EQUAL(out.reports.size(), 2u);
  CAF_CHECK(out.reports[1].event == order_event::accepted);
  CAF_CHECK_EQUAL(venue.open_orders().size(), 1u);
  CAF_MESSAGE("the same holds when the order has ended, however it ended");
  step(make_order(2, at_seconds(103), 5));
  step(make_order(2, at_seconds(103), 5));
  step(cancel_order{id_of(1), at_seconds(104)});
  step(limit_order(1, at_seconds(104), 5, 990));
  step(make_order(3, at_seconds(105), 0));
  step(make_order(3, at_seconds(105), 5));
  wait(110);
  CAF_CHECK_EQUAL(position(), 5);
  CAF_CHECK(venue.open_orders().empty());
  CAF_REQUIRE_EQUAL(out.reports.size(), 8u);
  CAF_CHECK(out.reports[3].event == order_event::completed);
  CAF_CHECK(out.reports[5].event == order_event::cancelled);
  CAF_CHECK(out.reports[7].event == order_event::rejected);
}

// -- queries, cancels
// -----------------------------------------------------------

CAF_TEST(query_repeats_all_fills_and_then_the_status) {
  step(limit_order(1, at_seconds(101), 150, 1'001));
  wait(102);
  auto first = out.fills;
  CAF_REQUIRE_EQUAL(first.size(), 1u);
  out.clear();
  step(query_order{id_of(1), at_seconds(103)});
  wait(104);
  CAF_CHECK(out.fills == first);
  CAF_CHECK(out.last_event() == order_event::accepted);
  CAF_CHECK_EQUAL(position(), 100);
  out.clear();
  step(batch{at_seconds(105)}.trade(1'000, -500));
  step(query_order{id_of(1), at_seconds(106)});
  wait(107);
  CAF_CHECK_EQUAL(out.fills.size(), 3u);
  CAF_CHECK(out.fills[2] == out.fills[0]);
  CAF_CHECK(out.last_event() == order_event::completed);
}

CAF_TEST(query_tells_cancelled_rejected_and_absent) {
  step(limit_order(1, at_seconds(101), 5, 990));
  step(cancel_order{id_of(1), at_seconds(102)});
  step(make_order(2, at_seconds(102), 0));
  wait(103);
  out.clear();
  for (uint32_t sequence = 1; sequence <= 3; ++sequence)
    step(query_order{id_of(sequence), at_seconds(104)});
  wait(105);
  CAF_REQUIRE_EQUAL(out.reports.size(), 3u);
  CAF_CHECK(out.reports[0].event == order_event::cancelled);
  CAF_CHECK(out.reports[1].event == order_event::rejected);
  CAF_CHECK(!out.reports[1].reason.empty());
  CAF_CHECK(out.reports[2].event == order_event::absent);
}

CAF_TEST(cancel_of_an_ended_order_repeats_its_end) {
  step(make_order(1, at_seconds(101), 5));
  step(limit_order(2, at_seconds(101), 5, 990));
  step(cancel_order{id_of(2), at_seconds(102)});
  wait(103);
  out.clear();
  for (uint32_t sequence = 1; sequence <= 3; ++sequence)
    step(cancel_order{id_of(sequence), at_seconds(104)});
  wait(105);
  CAF_REQUIRE_EQUAL(out.reports.size(), 3u);
  CAF_CHECK(out.reports[0].event == order_event::completed);
  CAF_CHECK(out.reports[1].event == order_event::cancelled);
  CAF_CHECK(out.reports[2].event == order_event::absent);
}

CAF_TEST(cancelled_order_is_not_filled) {
  step(limit_order(1, at_seconds(101), 5, 990));
  step(cancel_order{id_of(1), at_seconds(102)});
  wait(103);
  step(batch{at_seconds(104)}.trade(900, -100));
  CAF_CHECK_EQUAL(position(), 0);
}

CAF_TEST(order_that_is_too_old_to_be_known_is_lost_and_never_new) {
  auto last = static_cast<uint32_t>(simulated_venue::max_finished + 1);
  for (uint32_t i = 1; i <= last; ++i)
    step(make_order(i, at_seconds(101), 0));
  wait(102);
  out.clear();
  step(query_order{id_of(1), at_seconds(103)});
  step(query_order{id_of(2), at_seconds(103)});
  step(make_order(1, at_seconds(103), 5));
  wait(104);
  CAF_REQUIRE_EQUAL(out.reports.size(), 3u);
  CAF_CHECK(out.reports[0].event == order_event::lost);
  CAF_CHECK(out.reports[1].event == order_event::rejected);
  CAF_CHECK(out.reports[2].event == order_event::lost);
  CAF_CHECK_EQUAL(position(), 0);
}

// -- what is rejected ---------------------------------------------------------

CAF_TEST(orders_that_break_a_rule_are_rejected_with_the_rule) {
  use(make_universe(1, money{5 * money::scale}, quantity{1'000}));
  open_book();
  step(make_order(1, at_seconds(101), 0));
  step(limit_order(2, at_seconds(101), 100, 0));
  step(make_order(3, at_seconds(101), 1'001));
  // 49 lots × 1'000 ticks × 1e-4 USDT = 4.9 USDT.
  step(make_order(4, at_seconds(101), 49));
  step(make_order(
    5, at_seconds(101), 100,
    {.kind = order_kind::limit, .limit = 1'000, .low = 900, .high = 999}));
  step(make_order(6, at_seconds(101), 100, {.reduce_only = true}));
  wait(102);
  CAF_CHECK_EQUAL(reason_of(1), "quantity must be positive");
  CAF_CHECK_EQUAL(reason_of(2), "price must be positive");
  CAF_CHECK_EQUAL(reason_of(3), "quantity must not exceed the largest order");
  CAF_CHECK_EQUAL(reason_of(4), "value must reach the minimum of an order");
  CAF_CHECK_EQUAL(reason_of(5), "price must be inside of the permit's band");
  CAF_CHECK_EQUAL(reason_of(6), "reduce only: there is no position to reduce");
  CAF_CHECK_EQUAL(position(), 0);
  CAF_CHECK(out.fills.empty());
}

CAF_TEST(reduce_only_is_exempt_from_the_minimum) {
  use(make_universe(1, money{5 * money::scale}));
  open_book();
  step(make_order(1, at_seconds(101), 60));
  step(make_order(2, at_seconds(102), -20, {.reduce_only = true}));
  step(make_order(3, at_seconds(103), -20));
  wait(104);
  CAF_CHECK_EQUAL(position(), 40);
  CAF_CHECK_EQUAL(reason_of(3), "value must reach the minimum of an order");
}

CAF_TEST(unlisted_instrument_is_rejected) {
  step(make_order(1, at_seconds(101), 5, {.symbol = 7}));
  CAF_CHECK(out.last_event() == order_event::rejected);
  step(query_order{id_of(1, 7), at_seconds(101)});
  CAF_CHECK(out.last_event() == order_event::absent);
}

// -- reduce only
// ----------------------------------------------------------------

CAF_TEST(reduce_only_is_clipped_to_the_position) {
  step(make_order(1, at_seconds(101), 30));
  step(make_order(2, at_seconds(102), -50, {.reduce_only = true}));
  wait(103);
  CAF_CHECK_EQUAL(position(), 0);
  CAF_CHECK_EQUAL(venue.find(id_of(2))->filled.lots, 30);
  CAF_CHECK(out.last_event() == order_event::cancelled);
  CAF_CHECK(!out.last_reason().empty());
}

CAF_TEST(resting_reduce_only_ends_when_the_position_is_gone) {
  step(make_order(1, at_seconds(101), 30));
  step(make_order(
    2, at_seconds(102), -20,
    {.kind = order_kind::limit, .limit = 1'050, .reduce_only = true}));
  step(make_order(3, at_seconds(103), -30, {.reduce_only = true}));
  wait(104);
  CAF_CHECK_EQUAL(position(), 0);
  CAF_CHECK(venue.find(id_of(2))->status == order_status::cancelled);
  step(batch{at_seconds(105)}.trade(1'100, 500));
  CAF_CHECK_EQUAL(position(), 0);
}

// -- effects that cause commands
// ------------------------------------------------

CAF_TEST(commands_given_while_a_step_runs_belong_to_a_later_step) {
  settings.order_latency = timespan{0};
  use(settings);
  open_book();
  struct eager final : simulated_venue::effects {
    simulated_venue* venue = nullptr;
    std::vector<uint32_t> filled;

    void tell(const order_report&) override {
      // nop
    }

    void tell(const fill& x) override {
      filled.push_back(x.id.sequence);
      venue->step(make_order(x.id.sequence + 1, x.time, 1), *this);
    }

    void tell(const funding_payment&) override {
      // nop
    }
  };
  eager sink;
  sink.venue = &venue;
  venue.step(make_order(1, at_seconds(101), 1), sink);
  venue.step(at_seconds(102), sink);
  CAF_CHECK_EQUAL(sink.filled, std::vector<uint32_t>({1}));
  venue.step(at_seconds(102), sink);
  CAF_CHECK_EQUAL(sink.filled, std::vector<uint32_t>({1, 2}));
}

CAF_TEST_FIXTURE_SCOPE_END()
