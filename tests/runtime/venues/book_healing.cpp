// A book that went wrong behind a collector that believes it is right.

#define CAF_SUITE venues.book_healing

#include "models/market/feed.hpp"
#include "runtime/venues/live_market.hpp"
#include "tests/runtime/venues/bybit_venue.hpp"
#include "tests/runtime/venues/collector_fixture.hpp"
#include "tests/runtime/venues/loopback_venue.hpp"

#include <caf/test/unit_test.hpp>

#include <chrono>
#include <deque>
#include <functional>

using namespace qalpha;
using namespace qalpha::test;
using namespace std::chrono_literals;

namespace {

// Beyond every clock.
constexpr auto ten_years = 24h * 3'650;

/// A second question would be one too many, however slow the machine is.
collector_settings patient() {
  auto result = quick();
  result.ask_again = {10s, 10s};
  return result;
}

/// Feeds of a market, and their wishes on the way that those of actors take.
struct feeds final : feed::effects {
  feeds(live_market& from, const universe& all) : market(from) {
    feed_settings quickly;
    quickly.resync_after = 20ms;
    for (auto& one : all)
      machines.emplace_back(one.id(), quickly);
    left_live.resize(all.size());
    wishes.resize(all.size());
  }

  void step() {
    auto frame = *market.next();
    for (auto& batch : frame.batches)
      machines[batch.symbol.index].step(batch, *this);
    for (auto& machine : machines)
      machine.step(frame.time, *this);
  }

  /// @returns `false` if it did not become true in time.
  bool until(const std::function<bool()>& holds) {
    for (auto end = std::chrono::steady_clock::now() + 20s; !holds(); step())
      if (std::chrono::steady_clock::now() > end)
        return false;
    return true;
  }

  bool all_live() const {
    for (auto& machine : machines)
      if (machine.status() != feed_status::live
          || machine.sequence() != sequence_state::exact)
        return false;
    return true;
  }

  void tell(const feed_health& x) override {
    left_live[x.symbol.index] += x.previous == feed_status::live;
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
    ++wishes[x.symbol.index];
    market.source_of_books()->resync(x.symbol);
  }

  live_market& market;
  std::deque<feed> machines;
  std::vector<int> left_live;
  std::vector<int> wishes;
};

} // namespace

CAF_TEST(one_new_subscription_mends_a_symbol_and_touches_no_other) {
  auto all = bitcoin_and_ether();
  bybit_venue venue{all};
  market_settings settings{.venue = data_venue::bybit,
                           .bybit_rest = venue.rest(),
                           .bybit_public = venue.streams(),
                           .ca_file = venue.ca_file()};
  auto opened = live_market::open(settings, all, 1min, patient());
  CAF_REQUIRE(opened);
  feeds heard{**opened, all};
  auto all_live = [&] {
    venue.tick();
    return heard.all_live();
  };
  CAF_REQUIRE(heard.until(all_live));
  venue.depth("BTCUSDT");
  CAF_REQUIRE(heard.until([&] {
    return heard.machines[0].levels().at(side::buy, {1'000}).lots == 111;
  }));
  heard.left_live = {0, 0};
  CAF_MESSAGE("a change that the collector believes and the feed cannot");
  venue.depth_ahead("BTCUSDT", ten_years);
  CAF_REQUIRE(heard.until([&] { return heard.left_live[0] == 1; }));
  CAF_CHECK(heard.machines[0].status() == feed_status::gapped);
  CAF_CHECK_EQUAL((*opened)->counters().in_step, 2u);
  CAF_REQUIRE(heard.until(all_live));
  venue.depth("BTCUSDT");
  venue.depth("ETHUSDT");
  CAF_CHECK(heard.until([&] {
    auto sent = venue.state().copy().symbols;
    for (uint16_t i = 0; i < 2; ++i) {
      auto lots = 100 + static_cast<int64_t>(sent.at(all[i].name()).update);
      if (heard.machines[i].levels().at(side::buy, {1'000}).lots != lots)
        return false;
    }
    return all_live();
  }));
  auto sent = venue.state().copy().symbols;
  CAF_CHECK_EQUAL(sent["BTCUSDT"].snapshots, 2u);
  CAF_CHECK_EQUAL(sent["ETHUSDT"].snapshots, 1u);
  CAF_CHECK_EQUAL(heard.wishes[0], 1);
  CAF_CHECK_EQUAL(heard.wishes[1], 0);
  CAF_CHECK_EQUAL(heard.left_live[1], 0);
  CAF_CHECK_EQUAL((*opened)->counters().resyncs, 1u);
}

CAF_TEST(one_question_mends_a_book_whose_snapshots_are_asked_for) {
  loopback_venue venue;
  auto one = one_symbol();
  market_settings settings{.binance_rest = venue.rest(),
                           .binance_streams = venue.streams(),
                           .ca_file = venue.ca_file()};
  auto opened = live_market::open(settings, one, 1min, patient());
  CAF_REQUIRE(opened);
  feeds heard{**opened, one};
  auto asked = [&] {
    return venue.state().copy().asked["/fapi/v1/depth"].size();
  };
  CAF_REQUIRE(heard.until([&] {
    venue.trade();
    venue.depth();
    return heard.all_live();
  }));
  heard.left_live = {0};
  auto before = asked();
  venue.depth_ahead(ten_years);
  CAF_REQUIRE(heard.until([&] { return heard.left_live[0] == 1; }));
  CAF_CHECK(heard.machines[0].status() == feed_status::gapped);
  CAF_REQUIRE(heard.until([&] { return heard.wishes[0] == 1; }));
  CAF_CHECK(heard.until([&] {
    venue.depth();
    return heard.all_live();
  }));
  CAF_CHECK_EQUAL(asked(), before + 1);
  CAF_CHECK_EQUAL(heard.wishes[0], 1);
  CAF_CHECK_EQUAL(heard.left_live[0], 1);
  CAF_CHECK_EQUAL((*opened)->counters().resyncs, 1u);
}

CAF_TEST(a_book_that_is_being_fetched_is_not_begun_anew) {
  loopback_venue venue;
  venue.state().change([](auto& x) { x.ignored = {"btcusdt@aggTrade"}; });
  auto one = one_symbol();
  market_settings settings{.binance_rest = venue.rest(),
                           .binance_streams = venue.streams(),
                           .ca_file = venue.ca_file()};
  auto opened = live_market::open(settings, one, 1min, quick());
  CAF_REQUIRE(opened);
  feeds heard{**opened, one};
  CAF_CHECK(heard.until([&] {
    (*opened)->resync({0});
    return (*opened)->counters().lines.messages > 3;
  }));
  CAF_CHECK_EQUAL((*opened)->counters().resyncs, 0u);
}
