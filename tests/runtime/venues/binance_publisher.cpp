#define CAF_SUITE venues.binance_publisher

#include "runtime/venues/simulated/binance_publisher.hpp"

#include "models/market/book_sync.hpp"
#include "models/simulation/demo_market.hpp"
#include "runtime/venues/binance/binance_answers.hpp"
#include "runtime/venues/binance/binance_decoder.hpp"
#include "runtime/venues/message_list.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>

using namespace qalpha;

namespace {

struct image {
  book levels;
  std::vector<market_event> trades;
  price mark;
  uint64_t interruptions = 0;

  void apply(const std::vector<market_event>& events) {
    for (auto event : events)
      switch (event.kind) {
        case market_event_kind::trade:
          event.sequence = 0;
          trades.push_back(event);
          break;
        case market_event_kind::book_reset:
          levels.clear();
          break;
        case market_event_kind::bid_level:
          levels.set(side::buy, event.px, event.qty);
          break;
        case market_event_kind::ask_level:
          levels.set(side::sell, event.px, event.qty);
          break;
        case market_event_kind::mark_price:
          mark = event.px;
          break;
        case market_event_kind::interrupted:
          ++interruptions;
          break;
        default:
          break;
      }
  }
};

/// A demo market on one side, a reader of what is published on the other.
struct fixture {
  demo_market market = *demo_market::make(demo_settings{});
  universe all = market.instruments();
  binance_publisher venue{all};
  binance_decoder decoder{all};
  std::vector<book_sync> syncs;
  std::vector<image> truth;
  std::vector<image> read;
  uint64_t faults = 0;

  fixture() {
    for (size_t i = 0; i < all.size(); ++i)
      syncs.emplace_back(book_sync_settings{});
    truth.resize(all.size());
    read.resize(all.size());
  }

  void hear(const venue_message& message) {
    std::vector<market_event> events;
    if (auto* depth = std::get_if<symbol_depth>(&message)) {
      syncs[depth->symbol.index].step(depth->update, events);
      read[depth->symbol.index].apply(events);
    } else if (auto* trade = std::get_if<public_trade>(&message)) {
      read[trade->symbol.index].apply({{.time = trade->time,
                                        .px = trade->px,
                                        .qty = trade->qty,
                                        .kind = market_event_kind::trade,
                                        .aggressor = trade->aggressor}});
    } else if (auto* mark = std::get_if<mark_state>(&message)) {
      read[mark->symbol.index].mark = mark->mark;
    }
  }

  void ask_for_books() {
    for (size_t i = 0; i < syncs.size(); ++i) {
      if (!syncs[i].needs_snapshot())
        continue;
      auto answer = read_binance_depth(venue.depth(all[i].id(), 1000), all[i]);
      CAF_REQUIRE(answer);
      std::vector<market_event> events;
      syncs[i].step(*answer, events);
      read[i].apply(events);
    }
  }

  void play(int frames) {
    message_list heard;
    for (int i = 0; i < frames; ++i) {
      for (const auto& batch : market.advance()) {
        truth[batch.symbol.index].apply(batch.events);
        std::vector<stream_message> said;
        venue.publish(batch, said);
        for (const auto& message : said) {
          faults += decoder.decode(message.data, heard).has_value();
          for (const auto& one : heard)
            hear(one);
        }
      }
      ask_for_books();
    }
  }
};

bool same(const book& a, const book& b) {
  auto all = std::max(a.depth(side::buy), b.depth(side::buy))
             + std::max(a.depth(side::sell), b.depth(side::sell));
  return a.top(side::buy, all) == b.top(side::buy, all)
         && a.top(side::sell, all) == b.top(side::sell, all);
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(binance_publisher_tests, fixture)

CAF_TEST(who_reads_what_is_published_has_the_market) {
  play(3'000);
  CAF_CHECK_EQUAL(faults, 0u);
  CAF_CHECK_EQUAL(decoder.fallbacks(), 0u);
  for (size_t i = 0; i < all.size(); ++i) {
    CAF_MESSAGE(all[i].name());
    CAF_CHECK(same(read[i].levels, truth[i].levels));
    CAF_CHECK(read[i].levels.depth(side::buy) > 0);
    CAF_CHECK(read[i].trades == truth[i].trades);
    CAF_CHECK(truth[i].trades.size() > 100);
    CAF_CHECK(read[i].mark == truth[i].mark);
  }
}

CAF_TEST(snapshot_in_the_market_breaks_the_chain_for_readers) {
  play(10);
  auto before = read[0].interruptions;
  std::vector<stream_message> said;
  market_batch batch{
    .symbol = {0},
    .events
    = {{.time = market.now(), .kind = market_event_kind::book_reset},
       {.time = market.now(),
        .px = {900'000},
        .qty = {5},
        .kind = market_event_kind::bid_level},
       {.time = market.now(),
        .px = {900'001},
        .qty = {5},
        .kind = market_event_kind::ask_level},
       {.time = market.now(), .kind = market_event_kind::book_complete}}};
  venue.publish(batch, said);
  message_list heard;
  for (const auto& message : said) {
    CAF_CHECK(!decoder.decode(message.data, heard));
    for (const auto& one : heard)
      hear(one);
  }
  CAF_CHECK_EQUAL(read[0].interruptions, before + 1);
  CAF_CHECK(syncs[0].needs_snapshot());
  ask_for_books();
  CAF_CHECK(syncs[0].in_step());
  CAF_CHECK_EQUAL(read[0].levels.depth(side::buy), 1u);
}

CAF_TEST(trades_are_told_again_from_any_of_them_on) {
  play(600);
  auto total = truth[0].trades.size();
  CAF_REQUIRE(total > 20);
  auto answer = read_binance_trades(venue.trades({0}, total - 9, 1000), all[0]);
  CAF_REQUIRE(answer);
  CAF_REQUIRE_EQUAL(answer->size(), 10u);
  CAF_CHECK_EQUAL(answer->front().id, total - 9);
  CAF_CHECK(answer->back().px == truth[0].trades.back().px);
  answer = read_binance_trades(venue.trades({0}, 1, 7), all[0]);
  CAF_REQUIRE(answer);
  CAF_CHECK_EQUAL(answer->size(), 7u);
}

CAF_TEST(candles_and_rules_can_be_asked_for) {
  play(1'300);
  auto candles = read_binance_bars(venue.candles({0}, {0}, 1500), all[0],
                                   market.now());
  CAF_REQUIRE(candles);
  CAF_CHECK_EQUAL(candles->size(), 3u);
  auto rules = read_binance_rules(venue.rules(), {"BTCUSDT", "SOLUSDT"});
  CAF_REQUIRE(rules);
  CAF_REQUIRE_EQUAL(rules->size(), 2u);
  CAF_CHECK_EQUAL((*rules)[0].tick_e8, all[0].rules().tick_e8);
  CAF_CHECK_EQUAL((*rules)[0].lot_e8, all[0].rules().lot_e8);
}

CAF_TEST_FIXTURE_SCOPE_END()
