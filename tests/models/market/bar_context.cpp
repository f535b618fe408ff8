#define CAF_SUITE bar_context

// What a feed tells around its bars, column by column and absence by absence.

#include "models/market/feed.hpp"

#include <caf/test/unit_test.hpp>

#include <utility>
#include <vector>

using namespace qalpha;

namespace {

using kind = market_event_kind;

constexpr int64_t second = 1'000'000'000;

// The first bar that can be whole: [120 s, 180 s).
constexpr int64_t begin = 120;

struct listener final : feed::effects {
  std::vector<bar_context_known> contexts;
  std::vector<bar_closed> bars;

  void tell(const feed_health&) override {
    // nop
  }

  void tell(const mark_updated&) override {
    // nop
  }

  void tell(const quote&) override {
    // nop
  }

  void tell(const bar_context_known& x) override {
    CAF_CHECK_EQUAL(contexts.size(), bars.size());
    contexts.push_back(x);
  }

  void tell(const bar_closed& x) override {
    bars.push_back(x);
    CAF_CHECK_EQUAL(contexts.size(), bars.size());
    CAF_CHECK(contexts.back().close_time == x.value.close_time);
    CAF_CHECK(contexts.back().symbol == x.symbol);
  }

  void tell(const book_wanted&) override {
    // nop
  }
};

market_event event(kind what, int64_t at, int64_t px = 0, int64_t qty = 0,
                   uint64_t sequence = 0) {
  return {.time = {at * second},
          .sequence = sequence,
          .px = {px},
          .qty = {qty},
          .kind = what};
}

market_event trade(int64_t at, int64_t px, int64_t qty,
                   side aggressor = side::buy, uint32_t merged = 0) {
  auto result = event(kind::trade, at, px, qty);
  result.aggressor = aggressor;
  result.merged = merged;
  return result;
}

market_event reference(int64_t at, int64_t px, int64_t part_e8 = 0) {
  auto result = event(kind::reference_price, at, px);
  result.rate_e8 = part_e8;
  return result;
}

market_event funding(int64_t at, int64_t rate_e8) {
  auto result = event(kind::funding, at, 0, 0, 28'800 * second);
  result.rate_e8 = rate_e8;
  return result;
}

struct fixture {
  feed machine{{7}, {}};
  listener out;
  uint64_t sequence = 10;
  // Until when there were signs of life.
  int64_t now = 89;

  void at_once(int64_t received, std::vector<market_event> events) {
    now = received;
    machine.step(market_batch{{7}, {received * second}, std::move(events)},
                 out);
  }

  // As `at_once`, with signs of life until then.
  void batch(int64_t received, std::vector<market_event> events) {
    live_until(received - 1);
    at_once(received, std::move(events));
  }

  void snapshot(int64_t at) {
    live_until(at - 1);
    ++sequence;
    batch(at, {event(kind::book_reset, at, 0, 0, sequence),
               event(kind::bid_level, at, 100, 5),
               event(kind::ask_level, at, 102, 6),
               event(kind::book_complete, at, 0, 0, sequence)});
  }

  void change(int64_t at, kind what, int64_t px, int64_t qty) {
    live_until(at - 1);
    batch(at, {event(what, at, px, qty),
               event(kind::book_complete, at, 0, 0, ++sequence)});
  }

  // Nothing about the best levels, so that nothing is stale.
  void live_until(int64_t to) {
    while (now < to) {
      at_once(now + 1, {event(kind::mark_price, now + 1, 101)});
      if (now % 5 == 0 && machine.status() == feed_status::live)
        at_once(now, {event(kind::bid_level, now, 50, now),
                      event(kind::book_complete, now, 0, 0, ++sequence)});
      machine.step(utc_time{now * second}, out);
    }
  }

  // Live since the middle of the bar before; the next one is whole.
  void start() {
    batch(90, {event(kind::index_price, 90, 99), funding(90, -250),
               trade(90, 101, 1)});
    snapshot(90);
    live_until(begin);
    out = {};
  }

  // Ends the bar that began at `begin`, with a trade of one lot at 101.
  const bar_context& finish() {
    batch(begin + 59, {trade(begin + 59, 101, 1)});
    live_until(begin + 60);
    CAF_REQUIRE_EQUAL(out.bars.size(), 1u);
    CAF_REQUIRE(out.bars[0].value.open_time == utc_time{begin * second});
    return out.contexts[0].value;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(bar_context_tests, fixture)

// -- what is told -------------------------------------------------------------

CAF_TEST(trades_are_summed) {
  start();
  batch(121, {trade(121, 101, 3), trade(121, 100, 4, side::sell, 2)});
  batch(122, {trade(122, 102, 5)});
  auto& x = finish();
  CAF_REQUIRE(x.trades);
  CAF_CHECK_EQUAL(x.trades->tick_lots, 101 * 3 + 100 * 4 + 102 * 5 + 101);
  CAF_CHECK_EQUAL(x.trades->count, 6);
  CAF_CHECK_EQUAL(x.trades->taker_bought.lots, 9);
}

CAF_TEST(a_quiet_bar_has_known_sums_of_zero) {
  start();
  live_until(begin + 60);
  CAF_REQUIRE_EQUAL(out.bars.size(), 1u);
  auto& x = out.contexts[0].value;
  CAF_CHECK(out.bars[0].value.volume == quantity{0});
  CAF_REQUIRE(x.trades);
  CAF_CHECK(*x.trades == trade_sums{});
  CAF_REQUIRE(x.flow);
  CAF_CHECK_EQUAL(x.flow->lots[0], 0);
}

CAF_TEST(prices_and_interest_are_those_at_the_close) {
  start();
  batch(130, {event(kind::mark_price, 130, 90), funding(130, 4),
              event(kind::open_interest, 130, 0, 77)});
  batch(150, {event(kind::index_price, 150, 98), funding(150, -3),
              event(kind::open_interest, 150, 0, 78), trade(150, 101, 1)});
  batch(179, {reference(179, 95, 5)});
  auto& x = finish();
  for (auto known : {!!x.mark, !!x.index, !!x.funding_rate_e8,
                     !!x.open_interest, !!x.reference})
    CAF_REQUIRE(known);
  CAF_CHECK_EQUAL(x.mark->ticks, 101);
  CAF_CHECK_EQUAL(x.index->ticks, 98);
  CAF_CHECK_EQUAL(*x.funding_rate_e8, -3);
  CAF_CHECK_EQUAL(x.open_interest->lots, 78);
  CAF_CHECK(*x.reference == (fine_price{95, 5}));
}

CAF_TEST(flow_is_what_the_changes_of_the_best_levels_add_up_to) {
  start();
  change(121, kind::bid_level, 100, 9); // 4 more at the bid
  change(122, kind::ask_level, 102, 1); // 5 less at the ask
  change(123, kind::bid_level, 101, 2); // a better bid of 2
  change(124, kind::ask_level, 103, 8); // no change at the best ask
  change(125, kind::bid_level, 101, 0); // the better bid goes
  change(126, kind::bid_level, 90, 50); // far from the best
  batch(127, {trade(127, 101, 1)});
  auto& x = finish();
  CAF_REQUIRE(x.flow);
  CAF_CHECK_EQUAL(x.flow->lots[0], 4 + 5 + 2 - 2);
  CAF_MESSAGE("and so are those of the levels behind them");
  CAF_CHECK_EQUAL(x.flow->lots[1], 9 - 8 - 9 + 50);
  CAF_MESSAGE("the signs of life, 120 at first, are behind, before and after");
  CAF_CHECK_EQUAL(x.flow->lots[2], 120 - 120 + 120 + (180 - 120));
  CAF_CHECK_EQUAL(x.flow->changes, 6 + 11);
  CAF_CHECK_EQUAL(x.flow->depth, 15 + 10 + 12 + 20 + 18 + 68 + 6 * 120
                                   + 11 * (68 + (130 + 180) / 2));
  CAF_REQUIRE(x.top);
  CAF_CHECK(*x.top == (top_of_book{{100}, {102}, {9}, {1}, {239}, {9}}));
}

CAF_TEST(trades_cost_twice_their_distance_from_the_middle) {
  start();
  // The middle is 101.
  batch(121, {trade(121, 102, 3), trade(121, 100, 4, side::sell)});
  batch(122, {trade(122, 101, 9), trade(122, 100, 5)});
  change(124, kind::bid_level, 101, 2);
  CAF_MESSAGE("after 5 s the middle is 101.5");
  change(127, kind::ask_level, 104, 1);
  change(127, kind::ask_level, 102, 0);
  CAF_MESSAGE("and then 102.5, which is none of their business");
  batch(178, {trade(178, 103, 2)});
  auto& x = finish();
  CAF_REQUIRE(x.costs);
  CAF_CHECK_EQUAL(x.costs->effective,
                  2 * 3 + 2 * 4 + 0 - 2 * 5 + 1 * 2 + (2 * 101 - 205));
  CAF_CHECK_EQUAL(x.costs->settled, 102 * 3 + 100 * 4 + 101 * 9 + 100 * 5);
  CAF_MESSAGE("121 s: 101.5, 122 s: 102.5, the last one of its second");
  CAF_CHECK_EQUAL(x.costs->realised, (2 * 102 - 203) * 3 + (203 - 2 * 100) * 4
                                       + (2 * 101 - 205) * 9
                                       + (2 * 100 - 205) * 5);
  CAF_MESSAGE("what is realised and the impact are the effective costs");
  CAF_CHECK_EQUAL(x.costs->realised + x.costs->impact,
                  2 * 3 + 2 * 4 + 0 - 2 * 5);
}

CAF_TEST(costs_are_known_a_horizon_after_the_book_was_lost) {
  start();
  batch(121, {trade(121, 102, 3)});
  snapshot(178);
  live_until(begin + 120);
  CAF_REQUIRE_EQUAL(out.contexts.size(), 2u);
  CAF_MESSAGE("the trades of the last seconds before this bar are unknown");
  CAF_CHECK(out.contexts[1].value.flow);
  CAF_CHECK(!out.contexts[1].value.costs);
  live_until(begin + 180);
  CAF_REQUIRE_EQUAL(out.contexts.size(), 3u);
  CAF_REQUIRE(out.contexts[2].value.costs);
  CAF_CHECK(*out.contexts[2].value.costs == cost_sums{});
}

CAF_TEST(contexts_stand_beside_the_bars_that_are_kept) {
  machine.restore({bar{{0}, {60 * second}, {1}, {1}, {1}, {1}, {}}});
  start();
  batch(121, {trade(121, 101, 3)});
  auto expected = finish();
  auto bars = machine.history();
  auto contexts = machine.contexts();
  CAF_REQUIRE_EQUAL(bars.size(), contexts.size());
  CAF_CHECK(contexts.front() == nothing_known);
  CAF_CHECK(bars.back() == out.bars.back().value);
  CAF_CHECK(contexts.back() == expected);
}

// -- what is not known --------------------------------------------------------

CAF_TEST(a_bar_that_began_before_the_feed_has_neither_sums_nor_flow) {
  at_once(130, {trade(130, 101, 1), event(kind::index_price, 130, 99)});
  snapshot(130);
  auto& x = finish();
  CAF_CHECK(!x.trades);
  CAF_CHECK(!x.flow);
  CAF_CHECK(!x.top);
  CAF_MESSAGE("the mark at the close is no sum");
  CAF_CHECK(x.mark);
  CAF_CHECK(x.index);
  CAF_CHECK(!x.funding_rate_e8);
  CAF_CHECK(!x.open_interest);
  CAF_CHECK(!x.reference);
}

CAF_TEST(a_gap_of_the_book_leaves_the_trades) {
  start();
  batch(130, {trade(130, 101, 3)});
  live_until(130);
  ++sequence;
  change(131, kind::bid_level, 100, 9);
  snapshot(132);
  auto& x = finish();
  CAF_CHECK(x.trades);
  CAF_CHECK(!x.flow);
  CAF_CHECK(!x.top);
  CAF_CHECK(x.mark);
}

CAF_TEST(a_gap_that_is_mended_in_one_batch_is_one) {
  start();
  live_until(130);
  ++sequence;
  change(131, kind::bid_level, 100, 9);
  CAF_CHECK(machine.status() == feed_status::gapped);
  snapshot(131);
  CAF_CHECK(machine.status() == feed_status::live);
  CAF_CHECK(!finish().flow);
}

CAF_TEST(a_new_snapshot_does_not_follow_from_the_book_before) {
  start();
  snapshot(140);
  CAF_CHECK(machine.status() == feed_status::live);
  auto& x = finish();
  CAF_CHECK(!x.flow);
  CAF_CHECK(!x.top);
}

CAF_TEST(a_crossed_book_has_no_flow) {
  start();
  live_until(129);
  batch(130, {event(kind::bid_level, 130, 103, 1),
              event(kind::book_complete, 130, 0, 0, ++sequence),
              event(kind::bid_level, 130, 103, 0),
              event(kind::book_complete, 130, 0, 0, ++sequence)});
  CAF_CHECK(machine.status() == feed_status::live);
  CAF_CHECK(!finish().flow);
}

CAF_TEST(a_refused_change_of_the_book_leaves_no_flow) {
  start();
  change(130, kind::bid_level, 0, 1);
  CAF_CHECK(machine.status() == feed_status::gapped);
  snapshot(131);
  CAF_CHECK(!finish().flow);
}

CAF_TEST(groups_that_were_merged_have_no_flow) {
  start();
  live_until(129);
  sequence += 2;
  auto merged = event(kind::book_complete, 130, 0, 0, sequence);
  merged.merged = 1;
  batch(130, {event(kind::bid_level, 130, 100, 9), merged});
  CAF_CHECK(machine.status() == feed_status::live);
  CAF_CHECK(!finish().flow);
}

CAF_TEST(an_interruption_may_have_cost_trades) {
  start();
  batch(130, {trade(130, 101, 3), event(kind::interrupted, 130)});
  snapshot(131);
  CAF_CHECK(machine.status() == feed_status::live);
  auto& x = finish();
  CAF_CHECK(!x.trades);
  CAF_CHECK(!x.flow);
  CAF_CHECK(x.mark);
}

CAF_TEST(an_interruption_at_the_border_costs_both_bars) {
  start();
  batch(150, {trade(150, 101, 1)});
  batch(180, {event(kind::interrupted, 180), trade(180, 101, 1)});
  snapshot(181);
  live_until(240);
  CAF_REQUIRE_EQUAL(out.bars.size(), 2u);
  for (auto& x : out.contexts) {
    CAF_CHECK(!x.value.trades);
    CAF_CHECK(!x.value.flow);
  }
  live_until(300);
  CAF_CHECK(out.contexts.back().value.trades);
  CAF_CHECK(out.contexts.back().value.flow);
}

CAF_TEST(a_refused_trade_is_missing_in_the_sums) {
  start();
  batch(130, {trade(130, 101, 3), trade(130, 0, 3)});
  auto& x = finish();
  CAF_CHECK(!x.trades);
  CAF_CHECK(x.flow);
}

CAF_TEST(a_trade_that_lost_its_price_spoils_the_sums) {
  start();
  auto folded = trade(130, 101, 3, side::buy, 5);
  folded.rate_e8 = 1;
  batch(130, {folded});
  CAF_CHECK(!finish().trades);
}

CAF_TEST(sums_beyond_all_numbers_are_none) {
  start();
  batch(130, {trade(130, int64_t{1} << 40, int64_t{1} << 40)});
  CAF_CHECK(!finish().trades);
}

CAF_TEST(silence_leaves_nothing) {
  start();
  batch(130, {event(kind::open_interest, 130, 0, 7), trade(130, 101, 3)});
  live_until(140);
  machine.step(utc_time{145 * second}, out);
  now = 149;
  CAF_CHECK(machine.status() == feed_status::stale);
  CAF_CHECK(!machine.index());
  CAF_CHECK(!machine.funding());
  auto& x = finish();
  CAF_CHECK(!x.trades);
  CAF_CHECK(!x.flow);
  CAF_MESSAGE("only the mark was told again");
  CAF_CHECK(x.mark);
  CAF_CHECK(!x.index);
  CAF_CHECK(!x.funding_rate_e8);
  CAF_CHECK(!x.open_interest);
}

CAF_TEST(nobody_looked_at_the_close) {
  start();
  batch(130, {trade(130, 101, 3)});
  live_until(170);
  // Everything of a minute at once, the newest mark last.
  at_once(250, {trade(178, 101, 1), trade(250, 101, 1),
                event(kind::mark_price, 250, 140)});
  CAF_REQUIRE_EQUAL(out.bars.size(), 1u);
  CAF_CHECK(out.contexts[0].value == nothing_known);
}

CAF_TEST(a_reference_that_is_stale_is_none) {
  start();
  batch(170, {reference(170, 95), trade(170, 101, 1)});
  CAF_CHECK(!finish().reference);
}

CAF_TEST(an_old_open_interest_is_none) {
  start();
  batch(121, {event(kind::open_interest, 121, 0, 7)});
  live_until(420);
  CAF_CHECK(out.contexts[4].value.open_interest);
  live_until(480);
  CAF_CHECK(!out.contexts.back().value.open_interest);
}

CAF_TEST_FIXTURE_SCOPE_END()
