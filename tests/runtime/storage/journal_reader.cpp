#define CAF_SUITE storage_journal_reader

#include "runtime/storage/journal_reader.hpp"

#include "tests/runtime/storage/journal_world.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

/// Decisions 1..3 of BTCUSDT: ordered and filled, refused, pending.
struct fixture {
  scratch place;
  open_journal log = open_or_throw(place / "a");
  order_id first = order_of(1, 1);
  order_id second = order_of(1, 2);

  fixture() {
    log->append(make_decision(1));
    log->append(make_intent(first, 10, 1));
    log->append(outcome(1, decision_result::ordered, risk_gate::none));
    log->append(make_decision(1, 1));
    log->append(make_report(first, order_event::accepted));
    log->append(make_fill(first, 1, 4));
    log->append(make_report(first, order_event::cancelled));
    log->append(make_intent(second, 6, 1));
    log->append(make_decision(2));
    log->append(outcome(2, decision_result::refused, risk_gate::order_rate));
    log->append(make_fill(first, 2, 1));
    log->append(make_fill(second, 3, 6));
    log->append(make_decision(3));
  }

  static decision_outcome outcome(uint64_t sequence, decision_result result,
                                  risk_gate gate) {
    decision_outcome fact;
    fact.decision = {{0}, sequence};
    fact.time = {static_cast<int64_t>(1'000 * sequence + 1)};
    fact.result = result;
    fact.gate = gate;
    return fact;
  }

  journal_reader reader() {
    auto result = journal_reader::open(log.directory->paths().journal());
    if (!result)
      throw std::runtime_error{result.error().text};
    return std::move(*result);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(journal_reader_tests, fixture)

CAF_TEST(each_decision_comes_with_its_end_orders_and_fills) {
  auto stories = reader().decisions({0}, {}, 10);
  CAF_REQUIRE_EQUAL(stories.size(), 3u);
  CAF_CHECK_EQUAL(stories[0].what, make_decision(1));
  CAF_CHECK(stories[0].outcome->result == decision_result::ordered);
  CAF_REQUIRE_EQUAL(stories[0].orders.size(), 2u);
  auto& cancelled = stories[0].orders[0];
  CAF_CHECK_EQUAL(cancelled.intent.right.id, first);
  CAF_CHECK(cancelled.status == order_status::cancelled);
  CAF_CHECK_EQUAL(cancelled.filled.lots, 5);
  CAF_CHECK_EQUAL(cancelled.reports.size(), 2u);
  CAF_CHECK_EQUAL(cancelled.fills.size(), 2u);
  CAF_CHECK(stories[0].orders[1].status == order_status::filled);
  CAF_CHECK(stories[1].outcome->gate == risk_gate::order_rate);
  CAF_CHECK(stories[1].orders.empty());
  CAF_CHECK(!stories[2].outcome);
}

CAF_TEST(a_window_and_a_limit_choose_the_newest_decisions) {
  auto tested = reader();
  auto sequences = [&](time_window window, size_t limit) {
    std::vector<uint64_t> result;
    for (auto& story : tested.decisions({0}, window, limit))
      result.push_back(story.what.id.sequence);
    return result;
  };
  using list = std::vector<uint64_t>;
  CAF_CHECK_EQUAL(sequences({}, 2), (list{2, 3}));
  CAF_CHECK_EQUAL(sequences({{0}, {2'000}}, 1), (list{2}));
  CAF_CHECK_EQUAL(sequences({{1'000}, {1'999}}, 9), (list{1}));
  CAF_CHECK_EQUAL(sequences({{3'001}, {9'000}}, 9), list{});
  CAF_CHECK_EQUAL(tested.decisions({1}, {}, 9).size(), 1u);
}

CAF_TEST(decisions_equal_outcomes_and_pending_ones) {
  auto counts = reader().counts();
  CAF_CHECK_EQUAL(counts.decisions, 4u);
  CAF_CHECK_EQUAL(counts.outcomes(), 2u);
  CAF_CHECK_EQUAL(counts.pending(), 2u);
  CAF_CHECK_EQUAL(counts.orders, 2u);
  CAF_CHECK_EQUAL(counts.reports, 2u);
  CAF_CHECK_EQUAL(counts.fills, 3u);
}

CAF_TEST(orders_are_listed_with_their_state) {
  log->append(make_intent(order_of(1, 3)));
  log->append(make_report(order_of(1, 3), order_event::lost));
  auto tested = reader();
  auto orders = tested.orders();
  CAF_REQUIRE_EQUAL(orders.size(), 3u);
  CAF_CHECK(orders[0].status == order_status::cancelled);
  CAF_CHECK(orders[1].status == order_status::filled);
  auto open = tested.open_orders();
  CAF_REQUIRE_EQUAL(open.size(), 1u);
  CAF_CHECK(open[0].status == order_status::unknown);
}

CAF_TEST(a_reader_sees_what_a_running_node_writes) {
  auto tested = reader();
  CAF_CHECK_EQUAL(tested.counts().decisions, 4u);
  log->append(make_decision(4));
  CAF_CHECK_EQUAL(tested.counts().decisions, 5u);
  CAF_MESSAGE("and never stands in its way");
  auto stories = tested.decisions({0}, {}, 10);
  log->append(make_decision(5));
  CAF_CHECK_EQUAL(stories.size(), 4u);
}

CAF_TEST(a_reader_knows_the_run_and_its_instruments) {
  auto tested = reader();
  CAF_CHECK_EQUAL(tested.identity().run, log->summary().run);
  CAF_CHECK_EQUAL(tested.identity().node, 1u);
  CAF_CHECK_EQUAL(tested.identity().epoch, 1u);
  CAF_CHECK_EQUAL(tested.identity().start.e8, start.e8);
  auto found = find_instrument(tested.instruments(), "ETHUSDT");
  CAF_REQUIRE(found != nullptr);
  CAF_CHECK_EQUAL(found->rules(), instruments()[1].rules());
}

CAF_TEST(changes_of_the_configuration_are_listed) {
  log.close();
  auto changed = settings();
  changed.config = "decaf";
  changed.now = {2'000};
  log = open_or_throw(place / "a", changed);
  auto changes = reader().config_changes();
  CAF_REQUIRE_EQUAL(changes.size(), 2u);
  CAF_CHECK_EQUAL(changes[0].config, "c0ffee");
  CAF_CHECK_EQUAL(changes[1].config, "decaf");
  CAF_CHECK_EQUAL(changes[1].epoch, 2u);
  CAF_CHECK_EQUAL(changes[1].time.ns, 2'000);
}

CAF_TEST(a_reader_works_after_the_node_has_stopped) {
  log.close();
  auto result = journal_reader::open(run_paths{place / "a"}.journal());
  CAF_REQUIRE(result);
  CAF_CHECK_EQUAL(result->fills().size(), 3u);
}

CAF_TEST(what_is_no_journal_is_named) {
  auto missing = journal_reader::open(place / "none.db");
  CAF_REQUIRE(!missing);
  CAF_CHECK(contains(missing.error().text, "none.db: there is none"));
  write_file(place / "junk.db", std::string(8'192, 'x'));
  auto junk = journal_reader::open(place / "junk.db");
  CAF_REQUIRE(!junk);
  CAF_CHECK(contains(junk.error().text, "junk.db: cannot"));
}

CAF_TEST_FIXTURE_SCOPE_END()
