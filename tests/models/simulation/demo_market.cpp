#define CAF_SUITE simulation.demo_market

// That a path can be repeated, and what is published of it.

#include "tests/models/simulation/demo_market_fixture.hpp"

#include "models/simulation/byte_archive.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace qalpha;
using namespace qalpha::test;
using namespace std::chrono_literals;

namespace {

std::string bytes_of(const std::vector<market_batch>& batches) {
  byte_writer out;
  out(batches);
  return out.sealed();
}

bool is_of_path(const market_event& x) {
  return x.kind <= market_event_kind::mark_price;
}

// Trades, books and marks, and what the demo market fills in of them, whatever
// else there is and an event can say.
void write_path(byte_writer& out, const std::vector<market_batch>& batches) {
  out(uint64_t{batches.size()});
  for (auto& batch : batches) {
    auto count = std::count_if(batch.events.begin(), batch.events.end(),
                               is_of_path);
    out(batch.symbol, batch.received, static_cast<uint64_t>(count));
    for (auto& x : batch.events)
      if (is_of_path(x))
        out(x.time, x.sequence, x.px, x.qty, x.kind, x.aggressor);
  }
}

std::string bytes_of(demo_market& market, int frames) {
  std::string result;
  for (int i = 0; i < frames; ++i)
    result += bytes_of(market.advance());
  return result;
}

} // namespace

// -- determinism --------------------------------------------------------------

CAF_TEST(same_seed_same_bytes_and_another_seed_others) {
  auto first = make_market();
  auto second = make_market();
  auto other = make_market({.seed = 2});
  auto bytes = bytes_of(first, 2'000);
  CAF_CHECK(bytes == bytes_of(second, 2'000));
  CAF_CHECK(bytes != bytes_of(other, 2'000));
}

CAF_TEST(path_is_the_same_on_every_machine) {
  auto market = make_market();
  market.warm_up(1min, 5s);
  byte_writer prices;
  for (int i = 0; i < 5'000; ++i)
    write_path(prices, market.advance());
  // The first eight bytes are a checksum of the rest. A deliberate change of
  // the market changes this number; a compiler must not.
  uint64_t checksum = 0;
  auto sealed = prices.sealed();
  for (size_t i = 8; i-- > 0;)
    checksum = checksum << 8 | static_cast<unsigned char>(sealed[i]);
  CAF_CHECK_EQUAL(checksum, 15'463'896'699'324'625'807u);
}

CAF_TEST(symbol_does_not_depend_on_which_others_are_present) {
  auto all = make_market();
  auto one = make_market({.symbols = {"SOLUSDT"}});
  all.warm_up(1min, 5s);
  one.warm_up(1min, 5s);
  for (int i = 0; i < 1'000; ++i) {
    auto& theirs = all.advance();
    auto& ours = one.advance();
    CAF_REQUIRE_EQUAL(theirs.size(), 3u);
    CAF_REQUIRE_EQUAL(ours.size(), 1u);
    CAF_REQUIRE(ours[0].events == theirs[2].events);
    CAF_REQUIRE(ours[0].symbol == symbol_id{0});
  }
}

CAF_TEST(restored_market_continues_the_same_path) {
  auto market = make_market();
  market.warm_up(1min, 5s);
  // Into the freeze of SOLUSDT, where there is most to remember.
  bytes_of(market, frames_in(190s));
  auto saved = market.save();
  auto next = make_market();
  CAF_REQUIRE(next.restore(saved));
  CAF_CHECK(next.now() == market.now());
  CAF_CHECK(bytes_of(market, 3'000) == bytes_of(next, 3'000));
  CAF_CHECK(next.save() == market.save());
}

CAF_TEST(books_are_those_of_who_followed_all_frames) {
  auto market = make_market();
  CAF_CHECK(market.books().empty());
  reader feed;
  // Into the freeze of SOLUSDT, whose book will be shown anew.
  for (int i = 0; i < frames_in(190s); ++i)
    for (auto& batch : market.advance())
      feed.read(batch);
  auto books = market.books();
  CAF_REQUIRE_EQUAL(books.size(), 2u);
  for (auto& batch : books) {
    auto i = batch.symbol.index;
    CAF_CHECK(batch.received == market.now());
    reader fresh;
    fresh.read(batch);
    for (auto which : {side::buy, side::sell})
      CAF_CHECK(fresh.books[i].top(which, 20) == feed.books[i].top(which, 20));
    CAF_CHECK_EQUAL(fresh.sequence[i], feed.sequence[i]);
  }
  CAF_CHECK(market.save() == [&] {
    auto other = make_market();
    bytes_of(other, frames_in(190s));
    return other.save();
  }());
}

CAF_TEST(bytes_of_another_market_are_refused) {
  auto market = make_market();
  bytes_of(market, 10);
  auto saved = market.save();
  auto other = make_market({.seed = 2});
  auto before = other.save();
  CAF_CHECK(!other.restore(saved));
  CAF_CHECK(!other.restore(saved.substr(0, saved.size() - 1)));
  CAF_CHECK(!other.restore(""));
  CAF_CHECK(other.save() == before);
  auto fewer = make_market({.symbols = {"BTCUSDT"}});
  CAF_CHECK(!fewer.restore(saved));
}

CAF_TEST(impossible_settings_are_faults) {
  CAF_CHECK(!demo_market::make({.symbols = {}}));
  CAF_CHECK(!demo_market::make({.symbols = {"DOGEUSDT"}}));
  CAF_CHECK(!demo_market::make({.symbols = {"BTCUSDT", "BTCUSDT"}}));
  CAF_CHECK(!demo_market::make({.frame = 0ms}));
  CAF_CHECK(!demo_market::make({.frame = 2s}));
  CAF_CHECK(!demo_market::make({.frame = 1'500us}));
}

// -- what is published --------------------------------------------------------

CAF_TEST(books_are_never_crossed_and_sequences_have_no_gap) {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    CAF_MESSAGE("seed " << seed);
    auto market = make_market({.seed = seed});
    reader feed;
    for (int i = 0; i < frames_in(20min); ++i)
      for (auto& batch : market.advance())
        feed.read(batch);
    CAF_CHECK_EQUAL(feed.gaps, 0u);
    CAF_CHECK_EQUAL(feed.crossed, 0u);
    CAF_CHECK_EQUAL(feed.odd_levels, 0u);
    CAF_CHECK_EQUAL(feed.backwards, 0u);
    CAF_CHECK_EQUAL(feed.snapshots[0], 1u);
    CAF_CHECK_EQUAL(feed.snapshots[1], 1u);
    CAF_CHECK_EQUAL(feed.snapshots[2], 2u);
    CAF_CHECK_EQUAL(feed.marks[0], 1'200u);
    CAF_CHECK_EQUAL(feed.indexes[0], 1'200u);
    CAF_CHECK_EQUAL(feed.fundings[0], 1'200u);
    CAF_CHECK_EQUAL(feed.interests[0], 1'200u);
    for (auto trades : feed.trades)
      CAF_CHECK(trades > 2'400u && trades < 24'000u);
  }
}

CAF_TEST(best_prices_enclose_the_true_price) {
  auto market = make_market();
  reader feed;
  for (int i = 0; i < frames_in(15min); ++i) {
    for (auto& batch : market.advance()) {
      feed.read(batch);
      auto& levels = feed.books[batch.symbol.index];
      auto px = market.true_price(batch.symbol);
      CAF_REQUIRE(levels.best(side::buy)->px <= px);
      CAF_REQUIRE(levels.best(side::sell)->px >= px);
    }
  }
}

CAF_TEST(universe_has_the_rules_of_the_real_instruments) {
  auto all = demo_universe();
  CAF_REQUIRE_EQUAL(all.size(), 3u);
  CAF_CHECK_EQUAL(all[0].name(), "BTCUSDT");
  CAF_CHECK_EQUAL(all[0].rules().tick_e8, 10'000'000);
  CAF_CHECK_EQUAL(all[0].rules().lot_e8, 100'000);
  CAF_CHECK_EQUAL(all[1].rules().tick_e8, 1'000'000);
  CAF_CHECK_EQUAL(all[2].rules().lot_e8, 10'000'000);
  for (auto& one : all)
    CAF_CHECK_EQUAL(one.rules().min_notional.e8, 5 * money::scale);
}

// -- warm-up ------------------------------------------------------------------

CAF_TEST(warm_up_yields_the_bars_before_the_start) {
  auto market = make_market();
  auto bars = market.warm_up(10min, 5s);
  auto start = market.settings().start;
  CAF_REQUIRE_EQUAL(bars.size(), 3u * 120u);
  CAF_CHECK(bars.front().value.open_time == start - 10min);
  CAF_CHECK(bars.back().value.close_time == start);
  CAF_CHECK(market.now() == start);
  for (size_t i = 0; i < bars.size(); ++i) {
    CAF_REQUIRE(broken_rule(bars[i].value) == nullptr);
    if (i > 0)
      CAF_REQUIRE(bars[i - 1].value.close_time <= bars[i].value.close_time);
  }
  CAF_MESSAGE("the book is shown from the start");
  CAF_CHECK(market.advance()[0].received == start + 100ms);
  reader feed;
  auto again = make_market();
  again.warm_up(10min, 5s);
  for (auto& batch : again.advance())
    feed.read(batch);
  CAF_CHECK_EQUAL(feed.snapshots[0], 1u);
  CAF_CHECK_EQUAL(feed.odd_levels, 0u);
}
