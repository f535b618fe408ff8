#define CAF_SUITE ports.gateway

#include "tests/actors/fakes.hpp"

#include <caf/test/unit_test.hpp>

#include <type_traits>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture : fake_node {
  order_intent intent{.right = {.id = {1, {0}, 1, 1},
                                .gate_epoch = 4,
                                .direction = side::buy,
                                .size = {10},
                                .low = {980},
                                .high = {1'020},
                                .expires = t0},
                      .kind = order_kind::limit,
                      .limit = {1'000},
                      .time = t0};

  fixture() {
    gate.turn(4, gate_mode::open);
  }

  // Why it was not sent; empty if it was.
  std::string send() {
    auto before = venue.orders.size();
    auto why = door.send(intent);
    CAF_CHECK_EQUAL(venue.orders.size(), before + (why ? 0 : 1));
    return why.value_or("");
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(gateway_tests, fixture)

CAF_TEST(order_that_its_permit_covers_passes) {
  CAF_CHECK_EQUAL(send(), "");
  CAF_CHECK(venue.orders.at(0) == intent);
}

CAF_TEST(permit_without_size_sends_nothing) {
  for (int64_t lots : {0, -1}) {
    intent.right.size = {lots};
    CAF_CHECK_EQUAL(send(), "permit has no size");
  }
}

CAF_TEST(limit_price_stays_within_the_band) {
  for (int64_t ticks : {980, 1'020}) {
    intent.limit = {ticks};
    CAF_CHECK_EQUAL(send(), "");
  }
  for (int64_t ticks : {979, 1'021, 0}) {
    intent.limit = {ticks};
    CAF_CHECK_EQUAL(send(), "limit price is outside of the permit's band");
  }
}

CAF_TEST(permit_expires) {
  intent.time = t0 + timespan{1};
  CAF_CHECK_EQUAL(send(), "permit has expired");
}

CAF_TEST(permit_of_another_epoch_is_worthless) {
  for (uint64_t epoch : {3, 5}) {
    intent.right.gate_epoch = epoch;
    CAF_CHECK_EQUAL(send(), "trading gate has moved on since the permit");
  }
}

CAF_TEST(nothing_passes_a_closed_gate) {
  gate.turn(4, gate_mode::closed);
  intent.right.reduce_only = true;
  CAF_CHECK_EQUAL(send(), "trading gate is closed");
  gate.turn(4, gate_mode::open);
  gate.close();
  CAF_CHECK_EQUAL(send(), "trading gate is closed");
}

CAF_TEST(gate_in_between_lets_reductions_pass_only) {
  gate.turn(4, gate_mode::reduce_only);
  CAF_CHECK_EQUAL(send(), "trading gate lets only reductions pass");
  intent.right.reduce_only = true;
  CAF_CHECK_EQUAL(send(), "");
}

CAF_TEST(everything_else_passes_a_closed_gate) {
  gate.close();
  door.send(cancel_order{});
  door.send(query_order{});
  door.send(reconcile_query{});
  door.cancel_all({1});
  door.subscribe({1});
  CAF_CHECK_EQUAL(venue.cancels.size(), 1u);
  CAF_CHECK_EQUAL(venue.queries.size(), 1u);
  CAF_CHECK_EQUAL(venue.comparisons.size(), 1u);
  CAF_CHECK_EQUAL(venue.cancelled_all.size(), 1u);
  CAF_CHECK_EQUAL(venue.subscriptions.size(), 1u);
}

CAF_TEST(nobody_but_the_gateway_approves_an_order) {
  CAF_CHECK((!std::is_constructible_v<approved_order, order_intent>));
  CAF_CHECK((!std::is_default_constructible_v<approved_order>));
}

CAF_TEST_FIXTURE_SCOPE_END()
