#define CAF_SUITE conflator

#include "models/market/conflator.hpp"

#include "models/market/feed.hpp"
#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace std::chrono_literals;

namespace {

using kind = market_event_kind;

constexpr int64_t millisecond = 1'000'000;

utc_time at(int64_t ms) {
  return {(60'000'000 + ms) * millisecond};
}

market_event event(kind what, int64_t ms, int64_t px = 0, int64_t qty = 0,
                   uint64_t sequence = 0) {
  return {.time = at(ms),
          .sequence = sequence,
          .px = {px},
          .qty = {qty},
          .kind = what};
}

market_event trade(int64_t ms, int64_t px, int64_t qty,
                   side aggressor = side::buy) {
  auto result = event(kind::trade, ms, px, qty);
  result.aggressor = aggressor;
  return result;
}

market_batch batch(std::vector<market_event> events) {
  auto received = events.back().time;
  return {{7}, received, std::move(events)};
}

market_batch group(int64_t ms, uint64_t sequence, int64_t px, int64_t qty) {
  return batch({event(kind::bid_level, ms, px, qty),
                event(kind::book_complete, ms, 0, 0, sequence)});
}

std::vector<market_event> conflated(const std::vector<market_batch>& batches) {
  conflator subject{{7}};
  for (auto& x : batches)
    subject.add(x);
  auto result = subject.take();
  CAF_CHECK(subject.empty());
  return result.events;
}

struct silent final : feed::effects {
  void tell(const feed_health&) override {
    // nop
  }

  void tell(const mark_updated&) override {
    // nop
  }

  void tell(const quote&) override {
    // nop
  }

  void tell(const bar_context_known&) override {
    // nop
  }

  void tell(const bar_closed&) override {
    // nop
  }

  void tell(const book_wanted&) override {
    // nop
  }
};

// Everything that was added came out, is part of something that did, or is
// counted as dropped.
bool accounted(const conflator& subject) {
  auto& x = subject.statistics();
  return x.events_in + x.lost_books == x.events_out + x.conflated + x.dropped;
}

} // namespace

CAF_TEST(a_batch_that_did_not_wait_is_not_changed) {
  std::vector<market_event> events{
    event(kind::book_reset, 0, 0, 0, 9),    event(kind::bid_level, 0, 100, 1),
    event(kind::bid_level, 0, 99, 1),       event(kind::ask_level, 0, 102, 1),
    event(kind::book_complete, 0, 0, 0, 1), trade(1, 101, 2),
    event(kind::mark_price, 2, 101),        trade(3, 101, 2, side::sell)};
  CAF_CHECK(conflated({batch(events)}) == events);
}

CAF_TEST(groups_become_one_with_the_last_quantities) {
  auto result = conflated(
    {group(0, 5, 100, 1), group(10, 6, 99, 2), group(20, 7, 100, 3)});
  CAF_REQUIRE_EQUAL(result.size(), 3u);
  CAF_CHECK(result[0] == event(kind::bid_level, 20, 99, 2));
  CAF_CHECK(result[1] == event(kind::bid_level, 20, 100, 3));
  CAF_CHECK_EQUAL(result[2].sequence, 7u);
  CAF_CHECK_EQUAL(result[2].merged, 2u);
}

CAF_TEST(half_a_group_waits_for_its_end) {
  conflator subject{{7}};
  subject.add(group(0, 5, 100, 1));
  subject.add(batch({event(kind::bid_level, 10, 100, 2)}));
  auto first = subject.take();
  CAF_REQUIRE_EQUAL(first.events.size(), 2u);
  CAF_CHECK_EQUAL(first.events[0].qty.lots, 1);
  CAF_CHECK(subject.empty());
  subject.add(batch({event(kind::book_complete, 10, 0, 0, 6)}));
  auto second = subject.take();
  CAF_REQUIRE_EQUAL(second.events.size(), 2u);
  CAF_CHECK_EQUAL(second.events[0].qty.lots, 2);
}

CAF_TEST(half_a_snapshot_voids_the_book_at_once) {
  auto result = conflated(
    {group(0, 5, 100, 1), batch({event(kind::book_reset, 10, 0, 0, 8),
                                 event(kind::bid_level, 10, 90, 2)})});
  CAF_REQUIRE_EQUAL(result.size(), 2u);
  CAF_CHECK(result[0].kind == kind::book_reset);
  CAF_CHECK_EQUAL(result[1].px.ticks, 90);
}

CAF_TEST(a_jump_of_the_sequence_is_not_hidden) {
  auto result = conflated(
    {group(0, 5, 100, 1), group(10, 7, 99, 2), group(20, 8, 98, 3)});
  CAF_REQUIRE_EQUAL(result.size(), 3u);
  CAF_CHECK_EQUAL(result[1].sequence, 5u);
  CAF_CHECK_EQUAL(result[2].sequence, 7u);
  CAF_CHECK_EQUAL(result[2].merged, 0u);
}

CAF_TEST(a_bad_change_of_half_a_snapshot_stays_behind_it) {
  auto reset = event(kind::book_reset, 10, 0, 0, 8);
  auto bad = event(kind::bid_level, 10, 90, -1);
  auto mark = event(kind::mark_price, 20, 100);
  CAF_CHECK(conflated({batch({reset, bad}), batch({mark})})
            == (std::vector<market_event>{reset, bad, mark}));
}

CAF_TEST(trades_are_summed_only_within_price_side_and_slot) {
  auto result = conflated(
    {batch({trade(0, 100, 1), trade(99, 100, 2)}),
     batch({trade(100, 100, 4), trade(110, 101, 8),
            trade(120, 101, 16, side::sell), trade(130, 101, 32, side::sell),
            trade(140, 100, 64, side::sell)})});
  std::vector<int64_t> sums;
  for (auto& x : result)
    sums.push_back(x.qty.lots);
  CAF_CHECK(sums == (std::vector<int64_t>{3, 4, 8, 48, 64}));
  CAF_CHECK_EQUAL(result[0].merged, 1u);
  CAF_CHECK(result[0].time == at(99));
}

CAF_TEST(the_newest_of_what_only_has_a_present_stays) {
  auto result = conflated({batch(
    {event(kind::mark_price, 0, 5), event(kind::index_price, 0, 6),
     event(kind::mark_price, 1, 7), event(kind::reference_price, 2, 8)})});
  CAF_REQUIRE_EQUAL(result.size(), 3u);
  CAF_CHECK(result[0].kind == kind::index_price);
  CAF_CHECK_EQUAL(result[1].px.ticks, 7);
  CAF_CHECK(result[2].kind == kind::reference_price);
}

CAF_TEST(a_book_that_grows_too_large_is_given_up) {
  conflator subject{{7}, {.max_levels = 3'000}};
  uint64_t sequence = 1;
  for (int64_t px = 1; px <= 10'000; ++px)
    subject.add(group(px, sequence++, px, 1));
  CAF_CHECK(subject.needs_snapshot());
  auto result = subject.take().events;
  CAF_REQUIRE_EQUAL(result.size(), 1u);
  CAF_CHECK(result[0].kind == kind::interrupted);
  CAF_CHECK_EQUAL(subject.statistics().lost_books, 1u);
  subject.add(group(10'001, sequence++, 5, 1));
  CAF_CHECK(subject.empty());
  subject.add(batch({event(kind::book_reset, 10'002, 0, 0, 8),
                     event(kind::book_complete, 10'002, 0, 0, 9)}));
  CAF_CHECK(!subject.needs_snapshot());
  CAF_CHECK_EQUAL(subject.take().events.size(), 2u);
  CAF_CHECK(accounted(subject));
}

CAF_TEST(too_many_trades_keep_their_bars) {
  test::dice random;
  conflator subject{{7}, {.max_trades = 128}};
  feed whole{{7}, {}};
  feed merged{{7}, {}};
  silent out;
  for (int64_t i = 0; i < 20'000; ++i) {
    auto one = batch({trade(i * 25, random(90, 110), random(1, 9))});
    whole.step(one, out);
    subject.add(one);
  }
  auto result = subject.take();
  CAF_CHECK(result.events.size() <= 128u);
  CAF_CHECK(subject.statistics().folded > 0);
  CAF_CHECK_EQUAL(subject.statistics().dropped, 0u);
  merged.step(result, out);
  CAF_CHECK(whole.history().size() > 5);
  CAF_CHECK(whole.history() == merged.history());
  CAF_CHECK(accounted(subject));
}

CAF_TEST(trades_of_too_many_bars_are_dropped_from_the_oldest) {
  conflator subject{{7}, {.max_trades = 64}};
  for (int64_t i = 0; i < 1'000; ++i)
    subject.add(batch({trade(i * 60'000, 100, 1)}));
  auto result = subject.take().events;
  CAF_CHECK(result.size() <= 64u);
  CAF_CHECK(result.back().time == at(999 * 60'000));
  CAF_CHECK_EQUAL(subject.statistics().dropped, 1'000 - result.size());
  CAF_CHECK(accounted(subject));
}

// -- the property -------------------------------------------------------------

namespace {

// What a venue sends: groups, now and then split, lost or renewed, trades at a
// few prices, marks, in streams that are up to 100 ms apart.
struct source {
  test::dice& random;
  int64_t now = 0;
  uint64_t sequence = 0;

  int64_t late() {
    return now - random(0, 100);
  }

  void put_levels(std::vector<market_event>& out, int64_t count) {
    for (; count > 0; --count) {
      auto qty = random.chance(40) ? 0 : random(1, 9);
      if (random.chance(50))
        out.push_back(event(kind::bid_level, now, random(80, 100), qty));
      else
        out.push_back(event(kind::ask_level, now, random(100, 120), qty));
    }
  }

  void put_snapshot(std::vector<market_event>& out) {
    out.push_back(event(kind::book_reset, now - 1'500, 0, 0, 77));
    out.push_back(event(kind::bid_level, now, 99, 5));
    out.push_back(event(kind::ask_level, now, 101, 5));
    put_levels(out, 5);
  }

  market_batch next() {
    now += random(1, 60);
    std::vector<market_event> out;
    auto fate = random(1, 400);
    if (fate == 1)
      ++sequence;
    if (fate == 2)
      out.push_back(event(kind::interrupted, now));
    if (fate == 3)
      out.push_back(event(kind::bid_level, now, 90, -1));
    if (sequence == 0 || fate > 390)
      put_snapshot(out);
    if (fate % 2 == 0)
      put_levels(out, random(1, 6));
    if (random.chance(80))
      out.push_back(event(kind::book_complete, now, 0, 0, ++sequence));
    for (auto count = random(0, 4); count > 0; --count)
      out.push_back(trade(late(), random(98, 102), random(1, 9),
                          random.chance(50) ? side::buy : side::sell));
    if (random.chance(30))
      out.push_back(event(kind::mark_price, late(), random(95, 105)));
    if (random.chance(10)) {
      out.push_back(event(kind::index_price, late(), random(95, 105)));
      out.push_back(event(kind::funding, late(), 0, 0, 123));
      out.back().rate_e8 = random(-9, 9);
    }
    return {{7}, at(now), std::move(out)};
  }
};

void compare(const feed& whole, const feed& merged) {
  CAF_REQUIRE(whole.status() == merged.status());
  CAF_REQUIRE(whole.sequence() == merged.sequence());
  CAF_REQUIRE(whole.index() == merged.index());
  CAF_REQUIRE(whole.funding() == merged.funding());
  CAF_REQUIRE(whole.history() == merged.history());
  CAF_REQUIRE(merged.gaps() <= whole.gaps());
}

} // namespace

CAF_TEST(a_feed_ends_the_same_with_and_without_conflation) {
  test::dice random;
  for (int run = 0; run < 20; ++run) {
    source venue{random};
    conflator subject{{7}};
    feed whole{{7}, {.bar_interval = 1s}};
    feed merged{{7}, {.bar_interval = 1s}};
    silent out;
    auto patience = random(1, 40);
    for (int i = 0; i < 1'000; ++i) {
      auto next = venue.next();
      auto complete
        = std::any_of(next.events.begin(), next.events.end(),
                      [](auto& x) { return x.kind == kind::book_complete; });
      whole.step(next, out);
      subject.add(next);
      if (random(1, patience) != 1)
        continue;
      merged.step(subject.take(), out);
      compare(whole, merged);
      if (complete && whole.status() == feed_status::live)
        for (auto which : {side::buy, side::sell})
          CAF_REQUIRE(whole.levels().top(which, 100)
                      == merged.levels().top(which, 100));
    }
    merged.step(subject.take(), out);
    whole.step(at(venue.now + 1'000), out);
    merged.step(at(venue.now + 1'000), out);
    compare(whole, merged);
    CAF_CHECK(whole.history().size() > 10);
    CAF_CHECK(subject.statistics().conflated > 0 || patience == 1);
  }
}
