#define CAF_SUITE venues_collector_tracks

#include "runtime/venues/symbol_track.hpp"

#include <caf/test/dsl.hpp>

#include "tests/models/random.hpp"

using namespace qalpha;
using namespace std::chrono_literals;

namespace {

constexpr utc_time start{1'700'000'000'000'000'000};

public_trade trade(uint64_t id) {
  return {.sent = start + 1ms * id,
          .time = start + 1ms * id,
          .id = id,
          .px = {100},
          .qty = {1}};
}

std::vector<public_trade> trades(uint64_t first, uint64_t last) {
  std::vector<public_trade> result;
  for (auto id = first; id <= last; ++id)
    result.push_back(trade(id));
  return result;
}

std::vector<uint64_t> ids(const std::vector<public_trade>& all) {
  std::vector<uint64_t> result;
  for (auto& x : all)
    result.push_back(x.id);
  return result;
}

depth_update update(uint64_t last) {
  return {.time = start + 1ms * last,
          .first = last,
          .last = last,
          .previous = last - 1,
          .bids = {{{100}, {1}}},
          .asks = {{{101}, {1}}}};
}

depth_snapshot snapshot(uint64_t last) {
  return {start + 1ms * last, last, {{{99}, {1}}}, {{{101}, {2}}}};
}

std::string kinds(const std::vector<market_event>& all) {
  std::string result;
  for (auto& x : all)
    result += (result.empty() ? "" : " ") + std::string{to_string(x.kind)};
  return result;
}

symbol_track_settings streamed() {
  symbol_track_settings result;
  result.book.rule = sync_rule::streamed_snapshot;
  return result;
}

} // namespace

CAF_TEST(trades_pass_once_and_in_order) {
  trade_sequence sequence{{}};
  std::vector<public_trade> out;
  for (auto id : {5, 6, 6, 5, 7, 1, 8})
    sequence.step(trade(id), out);
  CAF_CHECK(ids(out) == (std::vector<uint64_t>{5, 6, 7, 8}));
  CAF_CHECK_EQUAL(sequence.counts().duplicates, 3u);
  CAF_CHECK(!sequence.wants_from());
}

CAF_TEST(trades_after_a_gap_wait_for_those_before_them) {
  trade_sequence sequence{{}};
  std::vector<public_trade> out;
  for (auto id : {5, 9, 10, 12})
    sequence.step(trade(id), out);
  CAF_CHECK_EQUAL(out.size(), 1u);
  CAF_CHECK(sequence.wants_from() == 6);
  CAF_MESSAGE("a page may end in the gap, or go beyond it");
  sequence.backfill(trades(6, 7), out);
  CAF_CHECK(sequence.wants_from() == 8);
  sequence.backfill(trades(7, 11), out);
  CAF_CHECK(sequence.wants_from() == 11);
  sequence.backfill(trades(11, 15), out);
  CAF_CHECK(!sequence.wants_from());
  CAF_CHECK(ids(out) == ids(trades(5, 12)));
  CAF_CHECK_EQUAL(sequence.counts().backfilled, 4u);
  CAF_CHECK_EQUAL(sequence.counts().lost, 0u);
}

CAF_TEST(a_number_that_the_venue_skipped_is_no_gap) {
  trade_sequence sequence{{}};
  std::vector<public_trade> out;
  sequence.step(trade(5), out);
  sequence.step(trade(8), out);
  sequence.backfill(trades(8, 9), out);
  CAF_CHECK(ids(out) == (std::vector<uint64_t>{5, 8}));
  sequence.step(trade(10), out);
  sequence.backfill({}, out);
  CAF_CHECK(ids(out) == (std::vector<uint64_t>{5, 8, 10}));
}

CAF_TEST(what_cannot_be_fetched_is_counted_as_lost) {
  trade_sequence sequence{{.most_held = 2, .longest_gap = 1s}};
  std::vector<public_trade> out;
  for (auto id : {5, 8, 12})
    sequence.step(trade(id), out);
  sequence.give_up(out);
  CAF_CHECK(ids(out) == (std::vector<uint64_t>{5, 8, 12}));
  CAF_CHECK_EQUAL(sequence.counts().lost, 5u);
  CAF_MESSAGE("more may not wait than memory allows");
  for (auto id : {20, 21, 22})
    sequence.step(trade(id), out);
  CAF_CHECK_EQUAL(out.size(), 6u);
  CAF_CHECK_EQUAL(sequence.counts().lost, 12u);
  CAF_MESSAGE("a long outage is not fetched");
  sequence.step(trade(5'000), out);
  CAF_CHECK_EQUAL(out.size(), 7u);
  CAF_CHECK_EQUAL(sequence.counts().lost, 12u + 4'977u);
}

CAF_TEST(trades_without_numbers_pass_as_they_come) {
  trade_sequence sequence{{.numbered = false}};
  std::vector<public_trade> out;
  for (int i = 0; i < 3; ++i)
    sequence.step(trade(0), out);
  CAF_CHECK_EQUAL(out.size(), 3u);
}

CAF_TEST(whatever_is_lost_or_doubled_every_trade_comes_once) {
  test::dice dice;
  for (int round = 0; round < 200; ++round) {
    trade_sequence sequence{{}};
    std::vector<public_trade> out;
    constexpr uint64_t last = 100;
    sequence.step(trade(1), out);
    for (uint64_t id = 2; id <= last; ++id) {
      if (id < last && dice.chance(30))
        continue;
      sequence.step(trade(id), out);
      if (dice.chance(20))
        sequence.step(trade(static_cast<uint64_t>(dice(1, int64_t(id)))), out);
      auto from = sequence.wants_from();
      if (from && dice.chance(30))
        sequence.backfill(
          trades(*from, std::min<uint64_t>(last, *from + dice(0, 9))), out);
    }
    while (auto from = sequence.wants_from())
      sequence.backfill(trades(*from, std::min(last, *from + 4)), out);
    CAF_REQUIRE(ids(out) == ids(trades(1, last)));
  }
}

CAF_TEST(no_book_is_told_before_all_streams_deliver) {
  symbol_track track{{}};
  std::vector<market_event> out;
  track.step(update(10), out);
  CAF_CHECK(!track.wants_snapshot());
  track.ready(true, start, out);
  CAF_CHECK(track.wants_snapshot());
  CAF_CHECK(out.empty());
  track.step(snapshot(10), out);
  CAF_CHECK(track.in_step());
  CAF_CHECK_EQUAL(kinds(out), "book_reset bid_level ask_level book_complete "
                              "bid_level ask_level book_complete");
  out.clear();
  CAF_MESSAGE("one stream that falls silent voids the book");
  track.ready(false, start, out);
  CAF_CHECK_EQUAL(kinds(out), "interrupted");
  CAF_CHECK(!track.in_step());
  out.clear();
  track.step(update(11), out);
  CAF_CHECK(out.empty());
  CAF_CHECK(!track.wants_snapshot());
}

CAF_TEST(a_streamed_snapshot_waits_for_the_other_streams) {
  symbol_track track{streamed()};
  std::vector<market_event> out;
  track.step(snapshot(10), out);
  track.step(update(11), out);
  CAF_CHECK(out.empty());
  track.ready(true, start, out);
  CAF_CHECK_EQUAL(kinds(out), "book_reset bid_level ask_level book_complete "
                              "bid_level ask_level book_complete");
  CAF_CHECK(!track.wants_snapshot());
  out.clear();
  track.step(update(13), out);
  CAF_CHECK_EQUAL(kinds(out), "interrupted");
  CAF_CHECK(track.wants_snapshot());
}

CAF_TEST(what_waits_is_bounded) {
  auto settings = streamed();
  settings.most_held = 10;
  symbol_track track{settings};
  std::vector<market_event> out;
  track.step(snapshot(10), out);
  for (uint64_t id = 11; id < 20; ++id)
    track.step(update(id), out);
  track.ready(true, start, out);
  CAF_CHECK(out.empty());
  CAF_CHECK(track.wants_snapshot());
}

CAF_TEST(an_interruption_while_not_ready_forgets_what_waited) {
  symbol_track track{streamed()};
  std::vector<market_event> out;
  track.step(snapshot(10), out);
  track.interrupt(start, out);
  CAF_CHECK_EQUAL(kinds(out), "interrupted");
  track.ready(true, start, out);
  CAF_CHECK_EQUAL(kinds(out), "interrupted");
}

CAF_TEST(trades_that_nobody_will_see_interrupt) {
  symbol_track track{{}};
  std::vector<market_event> out;
  track.ready(true, start, out);
  track.step(update(10), out);
  track.step(snapshot(10), out);
  track.step(trade(1), out);
  track.step(trade(4), out);
  out.clear();
  CAF_CHECK(track.wants_trades_from() == 2);
  track.give_up_trades(start, out);
  CAF_CHECK_EQUAL(kinds(out), "interrupted trade");
}

CAF_TEST(open_interest_is_not_older_than_what_came_before) {
  symbol_track track{{}};
  std::vector<market_event> out;
  track.step(mark_state{.time = start, .mark = {100}}, out);
  out.clear();
  track.step(open_contracts{.time = start - 5s, .qty = {7}}, out);
  track.step(open_contracts{.time = start + 1s, .qty = {8}}, out);
  CAF_CHECK_EQUAL(kinds(out), "open_interest open_interest");
  CAF_CHECK(out[0].time == start);
  CAF_CHECK(out[0].qty == quantity{7});
  CAF_CHECK(out[1].time == start + 1s);
}

CAF_TEST(marks_come_once_and_keep_what_is_left_out) {
  symbol_track track{{}};
  std::vector<market_event> out;
  mark_state mark{.time = start,
                  .mark = {100},
                  .index = {101},
                  .funding_rate_e8 = -5,
                  .next_funding = start + 8h};
  track.step(mark, out);
  CAF_CHECK_EQUAL(kinds(out), "mark_price index_price funding");
  CAF_CHECK(out[2].rate_e8 == -5);
  CAF_CHECK(out[2].sequence == static_cast<uint64_t>((start + 8h).ns));
  out.clear();
  track.step(mark, out);
  mark.time = start - 1ms;
  track.step(mark, out);
  CAF_CHECK(out.empty());
  CAF_CHECK_EQUAL(track.stale_marks(), 2u);
  track.step({.time = start + 1ms, .funding_rate_e8 = 7}, out);
  CAF_CHECK_EQUAL(kinds(out), "funding");
  CAF_CHECK(out[0].sequence == static_cast<uint64_t>((start + 8h).ns));
  out.clear();
  track.step({.time = start + 2ms, .mark = {102}}, out);
  CAF_CHECK_EQUAL(kinds(out), "mark_price");
}
