// When a feed trusts its data, and what it says when it does not.

#define CAF_SUITE feed_trust

#include "models/market/book_sync.hpp"
#include "models/market/feed.hpp"
#include "models/market/reference.hpp"

#include <caf/test/unit_test.hpp>

#include <limits>

using namespace qalpha;

namespace {

using kind = market_event_kind;

constexpr int64_t second = 1'000'000'000;

market_event event(kind what, int64_t at, int64_t px = 0, int64_t qty = 0,
                   uint64_t sequence = 0) {
  return {.time = {at * second},
          .sequence = sequence,
          .px = {px},
          .qty = {qty},
          .kind = what};
}

market_event complete(int64_t at, uint64_t sequence, uint32_t merged = 0) {
  auto result = event(kind::book_complete, at, 0, 0, sequence);
  result.merged = merged;
  return result;
}

market_event reference(int64_t at, int64_t px, int64_t part_e8 = 0) {
  auto result = event(kind::reference_price, at, px);
  result.rate_e8 = part_e8;
  return result;
}

struct listener final : feed::effects {
  std::vector<feed_health> verdicts;
  // In seconds.
  std::vector<int64_t> wishes;

  void tell(const feed_health& x) override {
    verdicts.push_back(x);
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

  void tell(const book_wanted& x) override {
    CAF_CHECK_EQUAL(x.symbol.index, 7u);
    wishes.push_back(x.time.ns / second);
  }
};

struct fixture {
  feed machine{{7}, {}};
  listener out;

  void batch(int64_t received, std::vector<market_event> events) {
    machine.step(market_batch{{7}, {received * second}, std::move(events)},
                 out);
  }

  void snapshot(int64_t at, uint64_t sequence) {
    batch(at, {event(kind::book_reset, at), event(kind::bid_level, at, 100, 5),
               event(kind::ask_level, at, 102, 6), complete(at, sequence)});
  }

  bool live() const {
    return machine.status() == feed_status::live;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(feed_trust_tests, fixture)

CAF_TEST(an_interruption_voids_the_book_until_a_snapshot) {
  snapshot(100, 10);
  CAF_CHECK(machine.sequence() == sequence_state::exact);
  batch(101, {event(kind::interrupted, 101)});
  CAF_CHECK(machine.status() == feed_status::interrupted);
  CAF_CHECK(out.verdicts.back().sequence == sequence_state::interrupted);
  CAF_CHECK_EQUAL(machine.levels().depth(side::buy), 0u);
  batch(101, {event(kind::bid_level, 101, 100, 1),
              event(kind::ask_level, 101, 102, 1), complete(101, 11)});
  CAF_CHECK(machine.status() == feed_status::interrupted);
  snapshot(102, 12);
  CAF_CHECK(live());
  CAF_CHECK_EQUAL(machine.gaps(), 0u);
}

CAF_TEST(an_interruption_counts_whatever_its_time) {
  snapshot(100, 10);
  batch(101, {event(kind::interrupted, 0)});
  CAF_CHECK(machine.status() == feed_status::interrupted);
  snapshot(101, 11);
  CAF_MESSAGE("a clock of its own that is ahead does not make others late");
  batch(101, {event(kind::interrupted, 130)});
  snapshot(102, 12);
  CAF_CHECK(live());
  CAF_CHECK_EQUAL(machine.rejected(), 0u);
}

CAF_TEST(a_book_that_refused_a_change_is_wished_for_at_a_bounded_rate) {
  snapshot(100, 10);
  batch(101, {event(kind::bid_level, 101, 99, -1), complete(101, 11)});
  CAF_CHECK(machine.status() == feed_status::gapped);
  CAF_CHECK(out.wishes.empty());
  for (int64_t at = 102; at < 170; ++at) {
    batch(at, {event(kind::bid_level, at, 99, 1),
               complete(at, static_cast<uint64_t>(at) - 90)});
    machine.step(utc_time{at * second}, out);
  }
  CAF_CHECK(out.wishes == (std::vector<int64_t>{102, 132, 162}));
  snapshot(170, 200);
  CAF_CHECK(live());
  machine.step(utc_time{171 * second}, out);
  CAF_CHECK_EQUAL(out.wishes.size(), 3u);
}

CAF_TEST(a_book_that_mends_itself_is_not_wished_for) {
  snapshot(100, 10);
  batch(101, {event(kind::bid_level, 101, 103, 5), complete(101, 11)});
  CAF_CHECK(machine.status() == feed_status::crossed);
  machine.step(utc_time{102 * second - 1}, out);
  batch(102, {event(kind::bid_level, 102, 103, 0), complete(102, 12)});
  CAF_CHECK(live());
  CAF_MESSAGE("the time of each is its own");
  batch(103, {event(kind::bid_level, 103, 103, 5), complete(103, 13)});
  CAF_CHECK(out.wishes.empty());
  batch(104, {event(kind::bid_level, 104, 103, 6), complete(104, 14)});
  CAF_CHECK(out.wishes == std::vector<int64_t>{104});
}

CAF_TEST(a_snapshot_that_does_not_end_is_wished_for) {
  batch(100, {event(kind::book_reset, 100), event(kind::bid_level, 100, 1, 1)});
  batch(101, {event(kind::bid_level, 101, 2, 1)});
  CAF_CHECK(out.wishes == std::vector<int64_t>{101});
}

CAF_TEST(silence_is_no_reason_to_wish_for_a_book) {
  machine.step(utc_time{100 * second}, out);
  snapshot(100, 10);
  for (int64_t at = 101; at < 200; ++at)
    batch(at, {event(kind::mark_price, at, 100)});
  machine.step(utc_time{300 * second}, out);
  CAF_CHECK(machine.status() == feed_status::stale);
  CAF_CHECK(out.wishes.empty());
}

CAF_TEST(merged_groups_are_no_gap) {
  snapshot(100, 10);
  batch(101, {event(kind::bid_level, 101, 99, 1), complete(101, 14, 3)});
  CAF_CHECK(live());
  batch(101, {event(kind::bid_level, 101, 99, 1), complete(101, 19, 3)});
  CAF_CHECK(machine.status() == feed_status::gapped);
  CAF_CHECK_EQUAL(machine.gaps(), 1u);
}

CAF_TEST(changes_behind_a_snapshot_may_be_older_than_the_trades) {
  batch(110, {event(kind::trade, 110, 101, 1)});
  book_sync sync;
  std::vector<market_event> events;
  for (int64_t i = 0; i < 5; ++i) {
    auto id = static_cast<uint64_t>(10 * i + 10);
    sync.step(
      depth_update{
        {(101 + i) * second}, id + 1, id + 10, id, {{{100 - i}, {1}}}, {}},
      events);
  }
  sync.step(depth_snapshot{{101 * second}, 12, {{{90}, {1}}}, {{{102}, {1}}}},
            events);
  batch(111, events);
  CAF_CHECK(live());
  CAF_CHECK_EQUAL(machine.rejected(), 0u);
  CAF_CHECK_EQUAL(machine.levels().depth(side::buy), 6u);
  CAF_MESSAGE("once it has caught up, a step back is a broken clock");
  batch(111, {event(kind::bid_level, 111, 95, 1), complete(111, 7)});
  batch(111, {event(kind::bid_level, 105, 95, 2), complete(105, 8)});
  CAF_CHECK(machine.status() == feed_status::gapped);
}

CAF_TEST(a_book_whose_connection_lags_is_stale_and_stays_exact) {
  snapshot(100, 10);
  batch(100, {event(kind::bid_level, 100, 100, 4), complete(100, 11)});
  batch(110, {event(kind::trade, 110, 101, 1)});
  CAF_CHECK(live());
  CAF_MESSAGE("in its own order, however late");
  batch(110, {event(kind::bid_level, 101, 99, 1), complete(101, 12)});
  CAF_CHECK(machine.status() == feed_status::stale);
  CAF_CHECK(machine.sequence() == sequence_state::exact);
  batch(110, {event(kind::bid_level, 105, 98, 1), complete(105, 13)});
  CAF_CHECK(machine.status() == feed_status::stale);
  CAF_MESSAGE("what other streams tell meanwhile does not make it newer");
  batch(111, {event(kind::trade, 111, 101, 1)});
  CAF_CHECK(machine.status() == feed_status::stale);
  batch(111, {event(kind::bid_level, 110, 97, 1), complete(110, 14)});
  CAF_CHECK(live());
  CAF_CHECK_EQUAL(machine.rejected(), 0u);
  CAF_CHECK_EQUAL(machine.levels().depth(side::buy), 4u);
  CAF_MESSAGE("a step back in its own order is a broken clock");
  batch(111, {event(kind::bid_level, 108, 97, 2), complete(108, 15)});
  CAF_CHECK(machine.status() == feed_status::gapped);
  CAF_CHECK_EQUAL(machine.rejected(), 2u);
}

CAF_TEST(a_lagging_book_may_be_replaced_by_a_snapshot) {
  snapshot(100, 10);
  batch(100, {event(kind::bid_level, 100, 100, 4), complete(100, 11)});
  batch(110, {event(kind::trade, 110, 101, 1)});
  batch(110, {event(kind::bid_level, 101, 99, 1), complete(101, 12)});
  CAF_CHECK(machine.status() == feed_status::stale);
  snapshot(111, 20);
  CAF_CHECK(live());
}

CAF_TEST(a_time_of_the_far_future_is_refused) {
  snapshot(100, 10);
  batch(100, {event(kind::trade, 161, 101, 1)});
  CAF_CHECK_EQUAL(machine.rejected(), 1u);
  batch(101, {event(kind::bid_level, 101, 99, 1), complete(101, 11)});
  CAF_CHECK(live());
  CAF_CHECK_EQUAL(machine.rejected(), 1u);
}

CAF_TEST(a_book_whose_stream_died_is_stale_while_marks_go_on) {
  snapshot(100, 10);
  for (int64_t at = 101; at <= 110; ++at)
    batch(at, {event(kind::mark_price, at, 101)});
  CAF_CHECK(live());
  batch(111, {event(kind::mark_price, 111, 101)});
  CAF_CHECK(machine.status() == feed_status::stale);
  CAF_CHECK_EQUAL(out.verdicts.back().age.count(), 11 * second);
  CAF_CHECK_EQUAL(out.verdicts.back().dirty_since.ns, 100 * second);
  batch(112, {event(kind::bid_level, 112, 99, 1), complete(112, 11)});
  CAF_CHECK(live());
}

CAF_TEST(health_tells_lag_and_since_when_data_are_dirty) {
  batch(103, {event(kind::book_reset, 90), event(kind::bid_level, 101, 100, 5),
              event(kind::ask_level, 101, 102, 6), complete(101, 10)});
  CAF_CHECK_EQUAL(out.verdicts.back().lag.count(), 2 * second);
  CAF_CHECK_EQUAL(out.verdicts.back().dirty_since.ns, 0);
  batch(104, {event(kind::bid_level, 105, 102, 5), complete(105, 11)});
  CAF_CHECK(out.verdicts.back().status == feed_status::crossed);
  CAF_CHECK(out.verdicts.back().sequence == sequence_state::exact);
  CAF_CHECK_EQUAL(out.verdicts.back().lag.count(), -second);
  CAF_CHECK_EQUAL(out.verdicts.back().dirty_since.ns, 104 * second);
  CAF_MESSAGE("another reason does not begin anew");
  machine.step(utc_time{110 * second}, out);
  CAF_CHECK(out.verdicts.back().status == feed_status::stale);
  CAF_CHECK_EQUAL(out.verdicts.back().dirty_since.ns, 104 * second);
  machine.announce(out);
  CAF_CHECK_EQUAL(out.verdicts.back().dirty_since.ns, 104 * second);
  CAF_MESSAGE("silence is dirty from the last sign of life");
  snapshot(111, 20);
  CAF_CHECK_EQUAL(out.verdicts.back().dirty_since.ns, 0);
  machine.step(utc_time{120 * second}, out);
  CAF_CHECK_EQUAL(out.verdicts.back().dirty_since.ns, 111 * second);
}

CAF_TEST(half_a_snapshot_is_said_to_be_rebuilding) {
  snapshot(100, 10);
  batch(101, {event(kind::book_reset, 101)});
  CAF_CHECK(machine.status() == feed_status::gapped);
  CAF_CHECK(out.verdicts.back().sequence == sequence_state::rebuilding);
}

CAF_TEST(index_and_funding_are_kept) {
  CAF_CHECK(!machine.index());
  CAF_CHECK(!machine.funding());
  auto funding = event(kind::funding, 100, 0, 0, 28'800);
  funding.rate_e8 = -10'000;
  batch(100, {event(kind::index_price, 100, 101), funding});
  CAF_CHECK(machine.index() == price{101});
  CAF_CHECK(machine.funding() == (funding_rate{-10'000, {28'800}}));
}

CAF_TEST(basis_is_exact_and_absent_in_doubt) {
  auto now = utc_time{101 * second};
  snapshot(100, 10);
  CAF_CHECK(!machine.basis_e8(now));
  CAF_MESSAGE("101 against 100.5 ticks");
  batch(101, {reference(101, 100, 50'000'000)});
  CAF_CHECK_EQUAL(machine.basis_e8(now).value_or(0), 497'512);
  batch(101, {reference(101, 202)});
  CAF_CHECK_EQUAL(machine.basis_e8(now).value_or(0), -50'000'000);
  CAF_MESSAGE("a reference that is stale");
  CAF_CHECK(!machine.basis_e8({104 * second}));
  CAF_MESSAGE("a book that is not tradable");
  batch(101, {event(kind::bid_level, 101, 102, 5), complete(101, 11)});
  CAF_CHECK(!machine.basis_e8(now));
}

CAF_TEST(a_reference_that_is_gone_leaves_no_basis) {
  auto now = utc_time{101 * second};
  snapshot(101, 10);
  batch(101, {reference(101, 100)});
  CAF_CHECK(machine.basis_e8(now));
  batch(101, {reference(101, 0)});
  CAF_CHECK(!machine.basis_e8(now));
  CAF_CHECK(live());
  CAF_CHECK_EQUAL(machine.rejected(), 0u);
}

CAF_TEST(a_reference_that_waited_is_as_old_as_it_is) {
  snapshot(103, 10);
  batch(103, {reference(100, 100)});
  CAF_CHECK(machine.basis_e8({102 * second}));
  CAF_CHECK(!machine.basis_e8({103 * second}));
}

CAF_TEST(middle_of_another_venue_is_told_in_the_ticks_of_this_one) {
  CAF_MESSAGE("61659.75 with a tick of 0.1 here, 0.05 there");
  auto told = reference_between({7}, {1'233'194}, {1'233'196}, 5'000'000,
                                10'000'000);
  CAF_CHECK(told.kind == kind::reference_price);
  CAF_CHECK_EQUAL(told.time.ns, 7);
  CAF_CHECK_EQUAL(told.px.ticks, 616'597);
  CAF_CHECK_EQUAL(told.rate_e8, 50'000'000);
  CAF_MESSAGE("half a tick of a venue with finer ones");
  told = reference_between({7}, {10'001}, {10'002}, 1'000'000, 10'000'000);
  CAF_CHECK_EQUAL(told.px.ticks, 1'000);
  CAF_CHECK_EQUAL(told.rate_e8, 15'000'000);
  CAF_MESSAGE("what no tick here can say is no reference");
  told = reference_between({7}, {1}, {2}, 1, 10'000'000);
  CAF_CHECK_EQUAL(told.px.ticks, 0);
  CAF_CHECK_EQUAL(told.rate_e8, 0);
  constexpr auto most = std::numeric_limits<int64_t>::max();
  CAF_CHECK_EQUAL(reference_between({7}, {most}, {most}, most, 1).px.ticks, 0);
}

CAF_TEST(a_reference_is_no_sign_of_life) {
  snapshot(100, 10);
  for (int64_t at = 101; at <= 103; ++at)
    batch(at, {reference(at, 101)});
  CAF_CHECK(machine.status() == feed_status::stale);
  batch(104, {reference(104, -1), reference(104, 5, 100'000'000)});
  CAF_CHECK_EQUAL(machine.rejected(), 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
