#define CAF_SUITE storage_memory_journal

#include "runtime/storage/memory_journal.hpp"

#include "runtime/storage/tracing_journal.hpp"
#include "tests/runtime/storage/journal_world.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <set>

using namespace qalpha;
using namespace qalpha::test;

namespace {

state_changed make_halt() {
  return {trading_state::halted, 7, true, {5'000}, "operator", "test", "1234"};
}

/// A copy: checks outlive what a call returns.
position held(journal& from) {
  return from.recall_account().positions.at(0);
}

} // namespace

CAF_TEST(numbers_are_new_once_in_any_order) {
  auto seed = std::random_device{}();
  CAF_MESSAGE("seed " << seed);
  std::mt19937 random{seed};
  for (auto range : {5u, 50u, 5'000u}) {
    seen_numbers tested;
    std::set<uint64_t> oracle;
    for (int i = 0; i < 2'000; ++i) {
      uint64_t x = random() % range;
      CAF_REQUIRE_EQUAL(tested.insert(x), oracle.insert(x).second);
    }
  }
}

CAF_TEST(a_run_of_numbers_takes_one_entry) {
  seen_numbers tested;
  for (uint64_t x = 1; x <= 1'000; ++x)
    tested.insert(x * 2);
  CAF_CHECK_EQUAL(tested.runs(), 1'000u);
  for (uint64_t x = 1'000; x >= 1; --x)
    CAF_CHECK(tested.insert(x * 2 - 1));
  CAF_CHECK_EQUAL(tested.runs(), 1u);
  CAF_CHECK(tested.insert(0));
  CAF_CHECK(tested.insert(~uint64_t{0}));
  CAF_CHECK(!tested.insert(~uint64_t{0}));
}

CAF_TEST(a_duplicate_fill_counts_once) {
  memory_journal tested{instruments(), start, true};
  auto id = order_of(1, 1);
  tested.append(make_intent(id));
  CAF_CHECK(tested.append(make_fill(id, 77, 4)));
  auto hash = tested.trace().hash();
  CAF_CHECK(!tested.append(make_fill(id, 77, 4)));
  CAF_CHECK(tested.append(make_fill(order_of(1, 1, 1), 77, 4)));
  auto orders = tested.recall({0}).orders;
  CAF_CHECK_EQUAL(orders.at(0).filled.lots, 4);
  CAF_CHECK_EQUAL(held(tested).size.lots, 4);
  CAF_CHECK_EQUAL(tested.counts().fills, 2u);
  CAF_CHECK_EQUAL(tested.facts().fills.size(), 2u);
  CAF_CHECK_NOT_EQUAL(tested.trace().hash(), hash);
}

CAF_TEST(a_payment_counts_once_a_symbol_and_time) {
  memory_journal tested{instruments(), start};
  CAF_CHECK(tested.append(funding_payment{{0}, {1'000}, {5}, {1}}));
  CAF_CHECK(!tested.append(funding_payment{{0}, {1'000}, {5}, {1}}));
  CAF_CHECK(tested.append(funding_payment{{1}, {1'000}, {5}, {1}}));
  CAF_CHECK(tested.append(funding_payment{{0}, {2'000}, {5}, {1}}));
  CAF_CHECK_EQUAL(held(tested).funding.e8, 10);
}

CAF_TEST(orders_are_recalled_while_they_are_open) {
  memory_journal tested{instruments(), start};
  auto status = [&] {
    auto orders = tested.recall({0}).orders;
    return orders.empty() ? order_status::filled : orders.front().status;
  };
  auto id = order_of(1, 1);
  tested.append(make_intent(id));
  CAF_CHECK(status() == order_status::intent);
  tested.append(make_report(id, order_event::lost));
  CAF_CHECK(status() == order_status::unknown);
  tested.append(make_fill(id, 1, 3));
  CAF_CHECK(status() == order_status::live);
  CAF_MESSAGE("a completion without its fills is no evidence");
  tested.append(make_report(id, order_event::completed));
  CAF_CHECK(status() == order_status::unknown);
  tested.append(make_fill(id, 2, 7));
  CAF_CHECK(tested.recall({0}).orders.empty());
  CAF_CHECK_EQUAL(tested.recall({0}).last_order, 1u);
}

CAF_TEST(a_new_epoch_counts_orders_from_one_again) {
  memory_journal tested{instruments(), start};
  tested.append(make_decision(41));
  tested.append(make_intent(order_of(1, 8)));
  CAF_CHECK_EQUAL(tested.recall({0}).last_order, 8u);
  CAF_CHECK_EQUAL(tested.raise_epoch(), 2u);
  CAF_CHECK_EQUAL(tested.recall({0}).last_order, 0u);
  CAF_CHECK_EQUAL(tested.recall({0}).last_decision, 41u);
  CAF_CHECK_EQUAL(tested.recall({0}).orders.size(), 1u);
}

CAF_TEST(facts_are_kept_only_when_asked) {
  memory_journal frugal{instruments(), start};
  memory_journal keeping{instruments(), start, true};
  for (memory_journal* each : {&frugal, &keeping}) {
    each->append(make_decision(1));
    each->append(decision_outcome{});
    each->append(make_intent(order_of(1, 1)));
    each->append(make_halt());
  }
  CAF_CHECK(frugal.facts().decisions.empty());
  CAF_CHECK(frugal.facts().states.empty());
  CAF_CHECK_EQUAL(keeping.facts().decisions.at(0), make_decision(1));
  CAF_CHECK_EQUAL(keeping.facts().orders.at(0), make_intent(order_of(1, 1)));
  CAF_CHECK_EQUAL(keeping.facts().states.at(0), make_halt());
  CAF_CHECK_EQUAL(frugal.counts(), keeping.counts());
  CAF_CHECK_EQUAL(frugal.counts().pending(), 0u);
  CAF_CHECK_EQUAL(frugal.counts().halts, 1u);
  CAF_CHECK_EQUAL(frugal.trace().hash(), keeping.trace().hash());
}

CAF_TEST(a_traced_journal_hashes_what_was_new) {
  memory_journal behind{instruments(), start};
  tracing_journal tested{behind, instruments()};
  auto id = order_of(1, 1);
  tested.append(make_decision(1));
  tested.append(decision_outcome{
    {{0}, 1}, {2'000}, decision_result::ordered, risk_gate::none, 0, 0, id});
  tested.append(make_intent(id));
  tested.append(make_report(id, order_event::accepted));
  CAF_CHECK(tested.append(make_fill(id, 1)));
  CAF_CHECK(!tested.append(make_fill(id, 1)));
  CAF_CHECK(tested.append(funding_payment{{0}, {1}, {2}, {3}}));
  CAF_CHECK(!tested.append(funding_payment{{0}, {1}, {2}, {3}}));
  tested.append(make_halt());
  tested.append(account_state{});
  CAF_CHECK_EQUAL(tested.hash(), behind.trace().hash());
  CAF_CHECK_EQUAL(tested.size(), 7u);
  CAF_CHECK_EQUAL(tested.recall_state(), make_halt());
  CAF_CHECK_EQUAL(held(tested).size.lots, 10);
  CAF_CHECK_EQUAL(tested.recall({0}).last_decision, 1u);
}
