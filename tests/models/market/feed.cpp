#define CAF_SUITE feed

#include "models/market/feed.hpp"

#include <caf/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace qalpha;

namespace {

constexpr int64_t second = 1'000'000'000;

using kind = market_event_kind;

// Effects as one line of text each, in the order of telling.
struct recorder final : feed::effects {
  std::vector<std::string> lines;
  std::vector<feed_health> verdicts;

  void tell(const feed_health& x) override {
    verdicts.push_back(x);
    lines.push_back("health " + std::string{to_string(x.status)});
  }

  void tell(const mark_updated& x) override {
    lines.push_back("mark " + std::to_string(x.mark.ticks) + " @"
                    + std::to_string(x.time.ns / second));
  }

  void tell(const quote& x) override {
    lines.push_back("quote " + std::to_string(x.bid.ticks) + "x"
                    + std::to_string(x.bid_size.lots) + " "
                    + std::to_string(x.ask.ticks) + "x"
                    + std::to_string(x.ask_size.lots) + " @"
                    + std::to_string(x.time.ns / second));
  }

  void tell(const bar_context_known&) override {
    // nop
  }

  void tell(const bar_closed& x) override {
    lines.push_back("bar " + std::to_string(x.value.open_time.ns / second) + " "
                    + std::to_string(x.value.close.ticks));
  }

  void tell(const book_wanted&) override {
    // nop
  }
};

market_event trade(int64_t at, int64_t px, int64_t qty = 1) {
  return {{at * second}, 0, {px}, {qty}, kind::trade, side::buy};
}

market_event mark(int64_t at, int64_t px) {
  return {{at * second}, 0, {px}, {}, kind::mark_price, side::buy};
}

market_event reset(int64_t at, uint64_t sequence) {
  return {{at * second}, sequence, {}, {}, kind::book_reset, side::buy};
}

market_event done(int64_t at, uint64_t sequence) {
  return {{at * second}, sequence, {}, {}, kind::book_complete, side::buy};
}

market_event bid(int64_t at, int64_t px, int64_t qty) {
  return {{at * second}, 0, {px}, {qty}, kind::bid_level, side::buy};
}

market_event ask(int64_t at, int64_t px, int64_t qty) {
  return {{at * second}, 0, {px}, {qty}, kind::ask_level, side::buy};
}

struct fixture {
  feed machine{{7}, {}};
  recorder out;

  /// @returns what the batch caused, joined with "; ".
  std::string batch(int64_t received, std::vector<market_event> events) {
    out.lines.clear();
    machine.step(market_batch{{7}, {received * second}, std::move(events)},
                 out);
    return joined();
  }

  std::string reach(int64_t now) {
    out.lines.clear();
    machine.step(utc_time{now * second}, out);
    return joined();
  }

  std::string snapshot(int64_t at, uint64_t sequence) {
    return batch(at, {reset(at, sequence), bid(at, 100, 5), ask(at, 102, 6),
                      done(at, sequence)});
  }

  std::string joined() const {
    std::string result;
    for (const auto& line : out.lines)
      result += (result.empty() ? "" : "; ") + line;
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(feed_tests, fixture)

CAF_TEST(a_snapshot_makes_the_feed_live) {
  CAF_CHECK(machine.status() == feed_status::starting);
  CAF_CHECK_EQUAL(snapshot(100, 10),
                  "health live; mark 101 @100; quote 100x5 102x6 @100");
}

CAF_TEST(a_batch_causes_one_quote_and_one_mark) {
  snapshot(100, 10);
  CAF_CHECK_EQUAL(batch(101, {bid(101, 101, 1), done(101, 11), mark(101, 99),
                              bid(101, 101, 2), done(101, 12), mark(101, 98)}),
                  "mark 98 @101; quote 101x2 102x6 @101");
}

CAF_TEST(what_did_not_change_is_not_told) {
  snapshot(100, 10);
  CAF_CHECK_EQUAL(batch(101, {bid(101, 90, 1), done(101, 11)}), "");
  CAF_CHECK_EQUAL(batch(101, {mark(101, 101)}), "");
}

CAF_TEST(the_mark_of_the_venue_beats_the_middle_of_the_book) {
  CAF_CHECK_EQUAL(batch(100, {mark(100, 500)}), "health live; mark 500 @100");
  CAF_CHECK_EQUAL(snapshot(100, 10), "quote 100x5 102x6 @100");
}

CAF_TEST(a_sequence_gap_blocks_until_the_next_snapshot) {
  snapshot(100, 10);
  CAF_CHECK_EQUAL(batch(101, {bid(101, 101, 1), done(101, 12)}),
                  "health gapped");
  CAF_CHECK_EQUAL(machine.gaps(), 1u);
  CAF_MESSAGE("following updates are in sequence, the book is still wrong");
  CAF_CHECK_EQUAL(batch(101, {bid(101, 101, 1), done(101, 13)}), "");
  CAF_CHECK_EQUAL(batch(102, {mark(102, 105)}), "");
  CAF_CHECK_EQUAL(machine.gaps(), 1u);
  CAF_CHECK_EQUAL(batch(103, {reset(103, 20), bid(103, 100, 5)}), "");
  CAF_CHECK_EQUAL(batch(103, {ask(103, 102, 6), done(103, 20)}),
                  "health live; mark 105 @103; quote 100x5 102x6 @103");
  CAF_CHECK_EQUAL(batch(104, {bid(104, 99, 1), done(104, 21)}), "");
}

CAF_TEST(changes_without_a_snapshot_are_a_gap) {
  CAF_CHECK_EQUAL(batch(100, {bid(100, 100, 5), done(100, 11)}),
                  "health gapped");
}

CAF_TEST(a_crossed_book_is_not_quoted) {
  snapshot(100, 10);
  CAF_CHECK_EQUAL(batch(101, {bid(101, 102, 1), done(101, 11)}),
                  "health crossed");
  CAF_MESSAGE("the same quote is told anew when it can be trusted again");
  CAF_CHECK_EQUAL(batch(101, {bid(101, 102, 0), done(101, 12)}),
                  "health live; mark 101 @101; quote 100x5 102x6 @101");
}

CAF_TEST(a_cross_within_a_batch_is_conflated) {
  snapshot(100, 10);
  CAF_CHECK_EQUAL(batch(101, {bid(101, 102, 1), done(101, 11), bid(101, 102, 0),
                              done(101, 12)}),
                  "");
}

CAF_TEST(half_a_group_is_not_quoted) {
  snapshot(100, 10);
  CAF_CHECK_EQUAL(batch(101, {bid(101, 102, 3)}), "");
  CAF_CHECK_EQUAL(
    batch(101, {ask(101, 102, 0), ask(101, 103, 1), done(101, 11)}),
    "mark 102 @101; quote 102x3 103x1 @101");
}

CAF_TEST(half_a_snapshot_is_not_tradable) {
  snapshot(100, 10);
  CAF_CHECK_EQUAL(
    batch(101, {reset(101, 20), bid(101, 90, 5), ask(101, 92, 6)}),
    "health gapped");
  CAF_CHECK_EQUAL(batch(101, {done(101, 20)}),
                  "health live; mark 91 @101; quote 90x5 92x6 @101");
}

CAF_TEST(half_a_group_does_not_heal_a_cross) {
  snapshot(100, 10);
  batch(101, {bid(101, 102, 1), done(101, 11)});
  CAF_CHECK_EQUAL(batch(101, {bid(101, 102, 0)}), "");
  CAF_CHECK(machine.status() == feed_status::crossed);
}

CAF_TEST(an_empty_side_is_not_tradable) {
  snapshot(100, 10);
  CAF_CHECK_EQUAL(batch(101, {ask(101, 102, 0), done(101, 11)}),
                  "health gapped");
  CAF_CHECK_EQUAL(batch(101, {ask(101, 103, 1), done(101, 12)}),
                  "health live; mark 101 @101; quote 100x5 103x1 @101");
}

CAF_TEST(a_loss_is_told_as_one_although_the_book_was_late) {
  snapshot(100, 10);
  batch(101, {bid(101, 100, 7), done(101, 11)});
  batch(103, {mark(103, 101)});
  CAF_CHECK_EQUAL(batch(103, {bid(101, 100, 6), done(101, 12)}),
                  "health stale");
  CAF_CHECK_EQUAL(
    batch(103, {{{103 * second}, 0, {}, {}, kind::interrupted, side::buy}}),
    "health interrupted");
  CAF_MESSAGE("the beginning of a snapshot is not late, however old");
  CAF_CHECK_EQUAL(batch(104, {reset(101, 20)}), "health gapped");
}

CAF_TEST(silence_makes_the_feed_stale) {
  snapshot(100, 10);
  CAF_CHECK_EQUAL(reach(102), "");
  CAF_CHECK_EQUAL(reach(103), "health stale");
  CAF_CHECK_EQUAL(out.verdicts.back().age.count(), 3 * second);
  CAF_CHECK(out.verdicts.back().previous == feed_status::live);
  CAF_CHECK_EQUAL(reach(104), "");
  CAF_CHECK_EQUAL(batch(105, {trade(105, 101)}),
                  "health live; mark 101 @105; quote 100x5 102x6 @105");
}

CAF_TEST(a_skewed_venue_clock_is_not_silence) {
  batch(100, {mark(90, 100)});
  CAF_CHECK_EQUAL(reach(101), "");
  CAF_CHECK(machine.status() == feed_status::live);
}

CAF_TEST(bars_are_told_in_order_after_the_rest) {
  batch(60, {trade(60, 100)});
  CAF_CHECK_EQUAL(batch(185, {trade(61, 101), trade(120, 110), trade(185, 120),
                              mark(185, 500)}),
                  "mark 500 @185; bar 60 101; bar 120 110");
}

CAF_TEST(without_book_and_venue_mark_a_bar_marks) {
  CAF_CHECK_EQUAL(batch(60, {trade(60, 100)}), "health live");
  CAF_CHECK_EQUAL(batch(119, {trade(119, 104)}), "");
  CAF_CHECK_EQUAL(reach(120), "mark 104 @120; bar 60 104");
  CAF_CHECK_EQUAL(machine.history().size(), 1u);
}

CAF_TEST(an_interval_without_trades_has_a_flat_bar_if_none_can_be_missing) {
  std::string bars;
  auto pass = [&](int64_t from, int64_t to) {
    for (auto at = from; at <= to; ++at) {
      batch(at, {mark(at, 100)});
      reach(at);
      for (const auto& line : out.lines)
        if (line.starts_with("bar"))
          bars += line + "; ";
    }
  };
  batch(59, {trade(59, 99)});
  batch(60, {trade(60, 100)});
  pass(61, 180);
  CAF_CHECK_EQUAL(bars, "bar 60 100; bar 120 100; ");
  CAF_MESSAGE("trades of an outage may be missing");
  bars.clear();
  CAF_CHECK_EQUAL(reach(300), "health stale");
  pass(301, 420);
  CAF_CHECK_EQUAL(bars, "bar 360 100; ");
  CAF_MESSAGE(
    "nobody looked while it was silent, as when a process was stopped");
  CAF_CHECK_EQUAL(batch(700, {mark(700, 100)}), "");
  CAF_CHECK_EQUAL(reach(700), "");
  bars.clear();
  pass(701, 780);
  CAF_CHECK_EQUAL(bars, "bar 720 100; ");
}

CAF_TEST(an_interval_is_not_quiet_before_a_mark_behind_it) {
  batch(360, {trade(360, 100)});
  for (auto at = 361; at <= 420; ++at)
    batch(at, {mark(at, 100)});
  CAF_CHECK_EQUAL(reach(420), "bar 360 100");
  CAF_MESSAGE("trades may still be on their way");
  for (auto at = 421; at <= 480; ++at)
    snapshot(at, static_cast<uint64_t>(at));
  CAF_CHECK_EQUAL(reach(480), "");
  CAF_CHECK_EQUAL(batch(481, {trade(481, 101)}), "");
  CAF_CHECK_EQUAL(reach(481), "bar 420 100");
}

CAF_TEST(bad_events_are_counted_and_dropped) {
  snapshot(100, 10);
  CAF_CHECK_EQUAL(batch(101, {trade(101, 0), trade(101, 5, -1), mark(101, -3),
                              trade(98, 100)}),
                  "");
  CAF_CHECK_EQUAL(machine.rejected(), 4u);
  CAF_MESSAGE("a second back is lateness, not an error");
  batch(101, {trade(101, 100), trade(100, 100)});
  CAF_CHECK_EQUAL(machine.rejected(), 4u);
  CAF_MESSAGE("rejected events are not a sign of life");
  batch(110, {trade(110, 0)});
  CAF_CHECK(machine.status() == feed_status::stale);
}

CAF_TEST(trades_fetched_after_an_outage_count_although_they_are_late) {
  snapshot(100, 10);
  batch(101, {trade(101, 100)});
  batch(130, {mark(130, 100)});
  CAF_MESSAGE("in their own order, whatever other streams have told meanwhile");
  batch(130, {trade(105, 101), trade(120, 102), trade(129, 103)});
  CAF_CHECK_EQUAL(machine.rejected(), 0u);
  batch(131, {trade(110, 104)});
  CAF_CHECK_EQUAL(machine.rejected(), 1u);
}

CAF_TEST(a_rejected_level_spoils_the_book) {
  snapshot(100, 10);
  CAF_CHECK_EQUAL(batch(101, {bid(101, 100, -1), done(101, 11)}),
                  "health gapped");
  CAF_CHECK_EQUAL(snapshot(102, 20),
                  "health live; mark 101 @102; quote 100x5 102x6 @102");
}

CAF_TEST(an_old_snapshot_still_heals) {
  snapshot(100, 10);
  batch(110, {trade(110, 101), done(110, 15)});
  CAF_CHECK(machine.status() == feed_status::gapped);
  CAF_CHECK_EQUAL(batch(110, {reset(105, 20), bid(105, 100, 5),
                              ask(105, 102, 6), done(105, 20)}),
                  "health live; mark 101 @110; quote 100x5 102x6 @110");
  CAF_CHECK_EQUAL(machine.rejected(), 0u);
}

CAF_TEST(finished_bars_pass_through) {
  auto value = bar{{60 * second}, {120 * second}, {5}, {9}, {4}, {8}, {1}};
  machine.step(bar_closed{{7}, value}, out);
  CAF_CHECK_EQUAL(joined(), "health live; mark 8 @120; bar 60 8");
  CAF_MESSAGE("a source of bars is silent between them");
  CAF_CHECK_EQUAL(reach(181), "");
  CAF_CHECK_EQUAL(reach(183), "health stale");
}

CAF_TEST(the_newest_bars_are_kept_in_order) {
  feed small{{7}, {.history = 3}};
  std::vector<bar> past;
  for (int64_t i = 1; i <= 2; ++i)
    past.push_back({{i}, {i + 1}, {i}, {i}, {i}, {i}, {}});
  small.restore(past);
  CAF_CHECK(small.history() == past);
  for (int64_t i = 3; i <= 7; ++i) {
    past.push_back({{i}, {i + 1}, {i}, {i}, {i}, {i}, {}});
    small.step(bar_closed{{7}, past.back()}, out);
    CAF_CHECK(small.history() == std::vector<bar>(past.end() - 3, past.end()));
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
