#define CAF_SUITE simulation.demo_market_truth

// The true prices behind a demo market, and what goes wrong by its script.

#include "tests/models/simulation/demo_market_fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <vector>

using namespace qalpha;
using namespace qalpha::test;
using namespace std::chrono_literals;

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
