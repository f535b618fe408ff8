#define CAF_SUITE simulation.demo_market

#include "models/simulation/demo_market.hpp"

#include "models/market/book.hpp"
#include "models/simulation/byte_archive.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <string>
#include <vector>

using namespace qalpha;
using namespace std::chrono_literals;

namespace {

demo_market make_market(demo_settings settings = {}) {
  return std::move(*demo_market::make(std::move(settings)));
}

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

// Frames until `elapsed` since the start.
int frames_in(timespan elapsed) {
  return static_cast<int>(elapsed / demo_settings{}.frame);
}

constexpr symbol_id btc{0};
constexpr symbol_id eth{1};
constexpr symbol_id sol{2};

// Follows what is published as a feed does.
struct reader {
  std::array<book, 3> books;
  std::array<uint64_t, 3> sequence{};
  std::array<bool, 3> in_snapshot{};
  std::array<utc_time, 3> last{};
  std::array<uint64_t, 3> trades{};
  std::array<uint64_t, 3> marks{};
  std::array<uint64_t, 3> indexes{};
  std::array<uint64_t, 3> fundings{};
  std::array<uint64_t, 3> interests{};
  std::array<uint64_t, 3> snapshots{};
  uint64_t gaps = 0;
  uint64_t crossed = 0;
  uint64_t odd_levels = 0;
  uint64_t backwards = 0;

  void read(const market_batch& batch) {
    auto i = batch.symbol.index;
    for (auto& event : batch.events) {
      backwards += event.time < last[i];
      last[i] = event.time;
      apply(i, event);
    }
    backwards += last[i] > batch.received;
  }

  void apply(uint16_t i, const market_event& event) {
    switch (event.kind) {
      case market_event_kind::trade:
        ++trades[i];
        odd_levels += event.px.ticks <= 0 || event.qty.lots <= 0;
        return;
      case market_event_kind::book_reset:
        books[i].clear();
        in_snapshot[i] = true;
        ++snapshots[i];
        return;
      case market_event_kind::bid_level:
        books[i].set(side::buy, event.px, event.qty);
        return;
      case market_event_kind::ask_level:
        books[i].set(side::sell, event.px, event.qty);
        return;
      case market_event_kind::book_complete:
        gaps += !in_snapshot[i] && event.sequence != sequence[i] + 1;
        in_snapshot[i] = false;
        sequence[i] = event.sequence;
        crossed += books[i].crossed();
        odd_levels += books[i].depth(side::buy) != 20
                      || books[i].depth(side::sell) != 20;
        return;
      case market_event_kind::mark_price:
        ++marks[i];
        return;
      case market_event_kind::index_price:
        ++indexes[i];
        odd_levels += event.px.ticks <= 0;
        return;
      case market_event_kind::funding:
        ++fundings[i];
        odd_levels += event.sequence <= static_cast<uint64_t>(event.time.ns);
        return;
      case market_event_kind::open_interest:
        ++interests[i];
        odd_levels += event.qty.lots <= 0;
        return;
      case market_event_kind::interrupted:
      case market_event_kind::reference_price:
        return;
    }
  }
};

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

// -- the truth ----------------------------------------------------------------

CAF_TEST(realised_volatility_is_ordered_as_the_regimes_say) {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    CAF_MESSAGE("seed " << seed);
    auto market = make_market({.seed = seed, .scripted = false});
    std::array<double, 4> squares{};
    std::array<double, 4> sums{};
    std::array<double, 4> counts{};
    auto before = static_cast<double>(market.true_price(btc).ticks);
    for (int i = 0; i < frames_in(4h); ++i) {
      market.advance();
      auto now = static_cast<double>(market.true_price(btc).ticks);
      auto change = std::log(now / before);
      auto regime = static_cast<size_t>(market.regime(btc));
      squares[regime] += change * change;
      sums[regime] += change;
      counts[regime] += 1;
      before = now;
    }
    auto deviation = [&](market_regime x) {
      auto i = static_cast<size_t>(x);
      return std::sqrt(squares[i] / counts[i]);
    };
    auto mean = [&](market_regime x) {
      auto i = static_cast<size_t>(x);
      return sums[i] / counts[i];
    };
    using r = market_regime;
    for (auto count : counts)
      CAF_CHECK(count > 1'000);
    CAF_CHECK(deviation(r::calm) * 1.2 < deviation(r::trending_up));
    CAF_CHECK(deviation(r::calm) * 1.2 < deviation(r::trending_down));
    CAF_CHECK(deviation(r::trending_up) * 1.2 < deviation(r::volatile_));
    CAF_CHECK(mean(r::trending_up) > 0);
    CAF_CHECK(mean(r::trending_down) < 0);
  }
}

CAF_TEST(symbols_are_correlated_by_a_common_factor) {
  auto market = make_market({.scripted = false});
  std::array<double, 3> before{};
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (int i = 0; i < frames_in(1h); ++i) {
    market.advance();
    std::array<double, 3> change{};
    for (uint16_t s = 0; s < 3; ++s) {
      auto px = std::log(static_cast<double>(market.true_price({s}).ticks));
      change[s] = px - before[s];
      before[s] = px;
    }
    if (i == 0)
      continue;
    ab += change[0] * change[1];
    aa += change[0] * change[0];
    bb += change[1] * change[1];
  }
  auto correlation = ab / std::sqrt(aa * bb);
  CAF_MESSAGE("correlation " << correlation);
  CAF_CHECK(correlation > 0.2 && correlation < 0.9);
}

CAF_TEST(price_stays_in_range_for_a_day) {
  auto market = make_market({.seed = 7, .frame = 1s});
  auto anchor = market.true_price(btc).ticks;
  for (int i = 0; i < 86'400; ++i) {
    market.advance();
    auto px = market.true_price(btc).ticks;
    CAF_REQUIRE(px > anchor * 3 / 4 && px < anchor * 4 / 3);
  }
}

CAF_TEST(average_of_five_second_bars_crosses_soon_after_every_start) {
  for (auto warm : {0, 10}) {
    for (uint64_t seed = 1; seed <= 40; ++seed) {
      auto market = make_market({.seed = seed, .symbols = {"BTCUSDT"}});
      std::vector<int64_t> closes;
      if (warm > 0)
        for (auto& fact : market.warm_up(std::chrono::minutes{warm}, 5s))
          closes.push_back(fact.value.close.ticks);
      auto mean = [&](size_t bars) {
        int64_t sum = 0;
        for (size_t i = closes.size() - bars; i < closes.size(); ++i)
          sum += closes[i];
        return sum * 20 / static_cast<int64_t>(bars);
      };
      auto below = closes.empty() || mean(5) <= mean(20);
      auto crossed = false;
      bar_aggregator bars{5s};
      for (int i = 0; i < frames_in(125s); ++i) {
        for (auto& event : market.advance()[0].events) {
          if (event.kind != market_event_kind::trade)
            continue;
          if (auto done = bars.add(event.time, event.px, event.qty))
            closes.push_back(done->close.ticks);
        }
        crossed = crossed || (closes.size() >= 20 && mean(5) > mean(20));
      }
      CAF_MESSAGE("seed " << seed << ", warm-up " << warm << " min");
      CAF_CHECK(below);
      CAF_CHECK(crossed);
    }
  }
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

// -- the script ---------------------------------------------------------------

CAF_TEST(one_feed_freezes_and_returns_with_a_snapshot_and_a_jump) {
  auto market = make_market();
  for (auto cycle : {0min, 30min}) {
    CAF_MESSAGE("cycle at minute " << cycle.count());
    reader feed;
    uint64_t before = 0;
    auto frozen_frames = 0;
    auto begin = cycle;
    while (market.now() < market.settings().start + begin + 150s)
      market.advance();
    while (market.now() < market.settings().start + begin + 250s) {
      auto& batches = market.advance();
      auto since = market.now() - market.settings().start - begin;
      auto frozen = since >= 180s && since < 200s;
      CAF_REQUIRE_EQUAL(market.frozen(sol), frozen);
      CAF_REQUIRE_EQUAL(batches.size(), frozen ? 2u : 3u);
      frozen_frames += frozen;
      for (auto& batch : batches) {
        if (batch.symbol == sol && since == 200s) {
          CAF_CHECK(batch.events.size() > 40u);
          CAF_CHECK(feed.sequence[2] == before);
        }
        feed.read(batch);
      }
      if (!frozen)
        before = feed.sequence[2];
      if (since == 200s)
        CAF_CHECK_EQUAL(feed.snapshots[2], 1u);
    }
    CAF_CHECK_EQUAL(frozen_frames, 200);
    // 100 s of frames in the window, minus none for the frozen ones.
    CAF_CHECK_EQUAL(feed.sequence[2], feed.sequence[0]);
  }
}

CAF_TEST(venue_is_down_for_the_scripted_time_and_data_go_on) {
  auto market = make_market();
  auto down = 0;
  for (int i = 1; i <= frames_in(30min); ++i) {
    auto& batches = market.advance();
    auto since = market.now() - market.settings().start;
    CAF_REQUIRE_EQUAL(market.venue_down(), since >= 420s && since < 435s);
    if (market.venue_down())
      CAF_REQUIRE_EQUAL(batches.size(), 3u);
    down += market.venue_down();
  }
  CAF_CHECK_EQUAL(down, 150);
}

CAF_TEST(flash_crash_falls_six_percent_and_recovers_most) {
  auto market = make_market();
  auto calm = make_market({.scripted = false});
  auto ratio = [&](timespan since) {
    while (market.now() < market.settings().start + since) {
      market.advance();
      calm.advance();
    }
    return market.true_price(eth).ticks * 10'000 / calm.true_price(eth).ticks;
  };
  auto near = [](int64_t x, int64_t expected) {
    return std::abs(x - expected) <= 1;
  };
  CAF_CHECK(near(ratio(659s), 10'000));
  CAF_CHECK(near(ratio(661s + 500ms), 9'700));
  CAF_CHECK(near(ratio(663s), 9'400));
  CAF_CHECK(near(ratio(693s), 9'650));
  CAF_CHECK(near(ratio(723s), 9'900));
  CAF_CHECK(near(ratio(1'100s), 10'000));
  CAF_CHECK(market.true_price(btc) == calm.true_price(btc));
}

CAF_TEST(without_a_script_nothing_goes_wrong) {
  auto market = make_market({.scripted = false});
  for (int i = 0; i < frames_in(10min); ++i) {
    CAF_REQUIRE_EQUAL(market.advance().size(), 3u);
    CAF_REQUIRE(!market.venue_down());
  }
}
