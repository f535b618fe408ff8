#define CAF_SUITE book_sync

#include "models/market/book_sync.hpp"

#include "tests/models/market/depth_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

constexpr int64_t millisecond = 1'000'000;

utc_time at(int64_t ms) {
  return {(1'000'000 + ms) * millisecond};
}

// Lasts from `first` to `last` and sets one bid to `qty`.
depth_update update(uint64_t first, uint64_t last, uint64_t previous,
                    int64_t qty = 1) {
  return {at(static_cast<int64_t>(last)),
          first,
          last,
          previous,
          {{{100}, {qty}}},
          {}};
}

// Of Bybit.
depth_update delta(uint64_t u, int64_t qty = 1) {
  return update(u, u, u - 1, qty);
}

depth_snapshot snapshot(uint64_t last) {
  return {at(static_cast<int64_t>(last)),
          last,
          {{{100}, {5}}, {{99}, {6}}},
          {{{102}, {7}}}};
}

struct fixture {
  explicit fixture(sync_rule rule = sync_rule::requested_snapshot)
    : machine({.rule = rule, .max_updates = 8, .max_levels = 16}) {
    // nop
  }

  template <class Message>
  size_t give(const Message& message) {
    std::vector<market_event> events;
    machine.step(message, events);
    reader.read(events);
    return events.size();
  }

  int64_t touch() const {
    return reader.levels.at(side::buy, {100}).lots;
  }

  const book_sync_statistics& facts() const {
    return machine.statistics();
  }

  book_sync machine;
  test::depth_reader reader;
};

struct streamed : fixture {
  streamed() : fixture(sync_rule::streamed_snapshot) {
    // nop
  }
};

} // namespace

// -- requested snapshots ------------------------------------------------------

CAF_TEST_FIXTURE_SCOPE(requested_snapshot_tests, fixture)

CAF_TEST(a_snapshot_is_needed_once_an_update_came) {
  CAF_CHECK(!machine.needs_snapshot());
  CAF_CHECK_EQUAL(give(update(11, 20, 9)), 0u);
  CAF_CHECK(machine.needs_snapshot());
  CAF_CHECK_EQUAL(machine.buffered(), 1u);
}

CAF_TEST(snapshot_and_buffer_are_joined_where_an_update_holds_its_id) {
  give(update(1, 10, 0));
  CAF_MESSAGE("no `previous`: a message of spot, refused");
  CAF_CHECK_EQUAL(facts().refused, 1u);
  give(update(11, 20, 9, 2));
  give(update(25, 30, 20, 3));
  give(update(33, 40, 30, 4));
  CAF_MESSAGE("reset, three levels, complete; twice level and complete");
  CAF_CHECK_EQUAL(give(snapshot(27)), 9u);
  CAF_CHECK(machine.in_step());
  CAF_CHECK(!machine.needs_snapshot());
  CAF_CHECK_EQUAL(machine.buffered(), 0u);
  CAF_CHECK_EQUAL(reader.resets, 1u);
  CAF_CHECK_EQUAL(reader.sequence, 3u);
  CAF_CHECK_EQUAL(touch(), 4);
  CAF_CHECK(facts().bridge == (bridging_update{2, 25, 30, 20}));
  CAF_CHECK_EQUAL(facts().applied, 2u);
  CAF_CHECK_EQUAL(facts().dropped, 1u);
}

CAF_TEST(an_update_that_ends_at_the_snapshot_joins) {
  give(update(11, 20, 9, 2));
  give(snapshot(20));
  CAF_CHECK(machine.in_step());
  CAF_CHECK(facts().bridge == (bridging_update{0, 11, 20, 9}));
}

CAF_TEST(the_rule_of_spot_does_not_join) {
  CAF_MESSAGE("begins right after the snapshot, which spot accepts");
  give(update(21, 30, 15));
  CAF_CHECK_EQUAL(give(snapshot(20)), 0u);
  CAF_CHECK(!machine.in_step());
  CAF_CHECK(machine.needs_snapshot());
  CAF_CHECK_EQUAL(facts().too_old, 1u);
}

CAF_TEST(a_snapshot_older_than_the_buffer_is_asked_for_again) {
  give(update(31, 40, 25, 2));
  give(update(41, 50, 40, 3));
  give(snapshot(20));
  CAF_CHECK(machine.needs_snapshot());
  CAF_CHECK_EQUAL(machine.buffered(), 2u);
  give(snapshot(45));
  CAF_CHECK(machine.in_step());
  CAF_CHECK_EQUAL(touch(), 3);
}

CAF_TEST(a_snapshot_newer_than_the_buffer_waits_for_its_update) {
  give(update(11, 20, 9, 2));
  CAF_CHECK_EQUAL(give(snapshot(35)), 0u);
  CAF_CHECK(!machine.in_step());
  CAF_CHECK(!machine.needs_snapshot());
  CAF_CHECK_EQUAL(give(update(21, 30, 20, 3)), 0u);
  CAF_CHECK_EQUAL(give(update(31, 40, 30, 4)), 7u);
  CAF_CHECK(machine.in_step());
  CAF_CHECK_EQUAL(touch(), 4);
}

CAF_TEST(a_snapshot_before_the_first_update_waits_or_is_too_old) {
  give(snapshot(20));
  give(update(31, 40, 30));
  CAF_CHECK_EQUAL(facts().too_old, 1u);
  CAF_CHECK(machine.needs_snapshot());
  give(snapshot(31));
  CAF_CHECK(machine.in_step());
}

CAF_TEST(holes_in_the_ids_are_no_gap) {
  give(update(11, 20, 9));
  give(snapshot(20));
  CAF_CHECK_EQUAL(give(update(2'000, 2'001, 20, 8)), 2u);
  CAF_CHECK(machine.in_step());
  CAF_CHECK_EQUAL(touch(), 8);
}

CAF_TEST(an_update_that_does_not_continue_breaks_the_book) {
  give(update(11, 20, 9));
  give(snapshot(20));
  CAF_CHECK_EQUAL(give(update(31, 40, 30)), 1u);
  CAF_CHECK_EQUAL(reader.interruptions, 1u);
  CAF_CHECK(!machine.in_step());
  CAF_CHECK(machine.needs_snapshot());
  CAF_CHECK_EQUAL(facts().gaps, 1u);
  CAF_MESSAGE("it is the first of a new buffer; the missing one is too late");
  give(update(21, 30, 20));
  CAF_CHECK_EQUAL(machine.buffered(), 1u);
  give(snapshot(36));
  CAF_CHECK(machine.in_step());
  CAF_CHECK_EQUAL(reader.jumps, 0u);
}

CAF_TEST(a_gap_in_the_buffer_drops_what_was_before) {
  give(update(11, 20, 9));
  give(update(31, 40, 30));
  CAF_CHECK_EQUAL(machine.buffered(), 1u);
  CAF_CHECK_EQUAL(facts().gaps, 1u);
  CAF_MESSAGE("the snapshot holds the first, but would break at the second");
  CAF_CHECK_EQUAL(give(snapshot(15)), 0u);
  CAF_CHECK(machine.needs_snapshot());
}

CAF_TEST(what_comes_twice_is_applied_once) {
  give(update(11, 20, 9));
  give(update(11, 20, 9));
  CAF_CHECK_EQUAL(machine.buffered(), 1u);
  give(snapshot(20));
  CAF_CHECK_EQUAL(give(update(11, 20, 9)), 0u);
  CAF_CHECK_EQUAL(give(update(21, 30, 20)), 2u);
  CAF_CHECK_EQUAL(give(update(21, 30, 20)), 0u);
  CAF_CHECK(machine.in_step());
  CAF_CHECK_EQUAL(facts().dropped, 3u);
}

CAF_TEST(ids_that_start_anew_are_no_repetition) {
  give(update(11, 20, 9));
  give(snapshot(20));
  auto restarted = update(3, 5, 2);
  restarted.time = at(5'000);
  CAF_CHECK_EQUAL(give(restarted), 1u);
  CAF_CHECK(!machine.in_step());
}

CAF_TEST(a_clock_that_runs_backwards_breaks_the_book) {
  auto late = update(11, 20, 9);
  late.time = at(5'000);
  give(late);
  give(snapshot(20));
  auto early = update(21, 30, 20);
  early.time = at(3'999);
  CAF_CHECK_EQUAL(give(early), 1u);
  CAF_CHECK(!machine.in_step());
}

CAF_TEST(impossible_messages_break_the_book_and_are_not_kept) {
  give(update(11, 20, 9));
  give(snapshot(20));
  auto negative = update(21, 30, 20);
  negative.bids.push_back({{101}, {-1}});
  CAF_CHECK_EQUAL(give(negative), 1u);
  CAF_CHECK_EQUAL(machine.buffered(), 0u);
  give(update(40, 31, 30));
  give(update(31, 40, 31));
  auto timeless = update(31, 40, 30);
  timeless.time = {};
  give(timeless);
  CAF_CHECK_EQUAL(machine.buffered(), 0u);
  CAF_CHECK_EQUAL(facts().refused, 4u);
  auto nowhere = snapshot(40);
  nowhere.asks.push_back({{0}, {1}});
  give(update(31, 40, 30));
  give(nowhere);
  CAF_CHECK(machine.needs_snapshot());
  CAF_CHECK_EQUAL(facts().refused, 5u);
}

CAF_TEST(a_full_buffer_begins_anew) {
  for (uint64_t i = 1; i <= 9; ++i)
    give(update(10 * i + 1, 10 * i + 10, 10 * i));
  CAF_CHECK_EQUAL(facts().overflows, 1u);
  CAF_CHECK_EQUAL(machine.buffered(), 1u);
  CAF_MESSAGE("a snapshot from before is too old now");
  give(snapshot(50));
  CAF_CHECK(machine.needs_snapshot());
  auto wide = update(101, 110, 100);
  wide.asks.assign(17, {{200}, {1}});
  give(wide);
  CAF_CHECK_EQUAL(facts().overflows, 2u);
  CAF_CHECK_EQUAL(machine.buffered(), 0u);
}

CAF_TEST(a_snapshot_that_nobody_needs_is_ignored) {
  give(update(11, 20, 9));
  give(snapshot(20));
  CAF_CHECK_EQUAL(give(snapshot(25)), 0u);
  CAF_CHECK_EQUAL(give(update(21, 30, 20)), 2u);
  CAF_CHECK_EQUAL(facts().snapshots, 1u);
}

CAF_TEST(an_interruption_is_told_once_and_forgets_everything) {
  give(update(11, 20, 9));
  give(snapshot(20));
  std::vector<market_event> events;
  machine.interrupt(at(99), events);
  machine.interrupt(at(99), events);
  CAF_REQUIRE_EQUAL(events.size(), 1u);
  CAF_CHECK(events[0].kind == market_event_kind::interrupted);
  CAF_CHECK(events[0].time == at(99));
  CAF_CHECK(!machine.needs_snapshot());
  give(update(21, 30, 20));
  CAF_CHECK(machine.needs_snapshot());
}

CAF_TEST_FIXTURE_SCOPE_END()

// -- streamed snapshots -------------------------------------------------------

CAF_TEST_FIXTURE_SCOPE(streamed_snapshot_tests, streamed)

CAF_TEST(changes_wait_for_the_snapshot_of_the_stream) {
  CAF_CHECK(machine.needs_snapshot());
  CAF_CHECK_EQUAL(give(delta(20)), 0u);
  CAF_CHECK_EQUAL(machine.buffered(), 0u);
  CAF_CHECK_EQUAL(give(snapshot(30)), 5u);
  CAF_CHECK(machine.in_step());
  CAF_CHECK_EQUAL(give(delta(31, 9)), 2u);
  CAF_CHECK_EQUAL(touch(), 9);
  CAF_CHECK(facts().bridge == (bridging_update{1, 31, 31, 30}));
}

CAF_TEST(a_jump_of_u_breaks_the_book) {
  give(snapshot(30));
  CAF_CHECK_EQUAL(give(delta(32)), 1u);
  CAF_CHECK(machine.needs_snapshot());
  CAF_CHECK_EQUAL(give(delta(33)), 0u);
  CAF_CHECK_EQUAL(reader.interruptions, 1u);
}

CAF_TEST(any_snapshot_resets) {
  give(snapshot(30));
  give(delta(31, 9));
  CAF_MESSAGE("in the middle of a healthy stream");
  CAF_CHECK_EQUAL(give(snapshot(31)), 5u);
  CAF_CHECK_EQUAL(touch(), 5);
  give(delta(32));
  CAF_MESSAGE("after a restart of the venue, with the id 1");
  CAF_CHECK_EQUAL(give(snapshot(1)), 5u);
  auto next = delta(2, 4);
  CAF_CHECK_EQUAL(give(next), 2u);
  CAF_CHECK_EQUAL(touch(), 4);
  CAF_CHECK_EQUAL(reader.resets, 3u);
  CAF_CHECK_EQUAL(reader.interruptions, 0u);
  CAF_CHECK_EQUAL(reader.jumps, 0u);
}

CAF_TEST(a_delta_of_the_first_id_is_impossible) {
  give(snapshot(30));
  CAF_CHECK_EQUAL(give(delta(1)), 1u);
  CAF_CHECK_EQUAL(facts().refused, 1u);
  CAF_CHECK(machine.needs_snapshot());
}

CAF_TEST(an_impossible_snapshot_voids_the_book) {
  give(snapshot(30));
  auto nowhere = snapshot(40);
  nowhere.bids[0].px = {-1};
  CAF_CHECK_EQUAL(give(nowhere), 1u);
  CAF_CHECK(!machine.in_step());
  CAF_CHECK(machine.needs_snapshot());
}

CAF_TEST_FIXTURE_SCOPE_END()
