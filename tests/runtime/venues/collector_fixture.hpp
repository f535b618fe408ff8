// What the tests of collectors share: a sink that remembers, and short times.

#pragma once

#include "runtime/venues/binance/collector.hpp"
#include "runtime/venues/market_sink.hpp"
#include "tests/runtime/loopback/guarded.hpp"

#include <map>
#include <string>
#include <vector>

namespace qalpha::test {

/// What a feed would have got.
struct heard_market {
  std::vector<uint64_t> trades;
  /// Batches with trades.
  uint64_t trade_batches = 0;
  /// Batches since it was said that these were all.
  uint64_t undelivered = 0;
  uint64_t resets = 0;
  uint64_t completes = 0;
  uint64_t interrupted = 0;
  uint64_t marks = 0;
  uint64_t funding = 0;
  std::vector<quantity> interests;
  uint64_t best_prices = 0;
  std::vector<bar> bars;
  /// The last event of the book leaves it complete.
  bool whole = false;
  /// A change came while the book was void.
  bool lied = false;
  bool reset_seen = false;
  /// Quantity of the bid at 100.0, in lots.
  int64_t bid_lots = 0;
};

class remembering_sink final : public market_sink {
public:
  void deliver(market_batch batch) override {
    market.change([&](heard_market& x) {
      ++x.undelivered;
      auto trades = x.trades.size();
      for (auto& event : batch.events)
        take(x, event);
      x.trade_batches += x.trades.size() > trades ? 1 : 0;
    });
  }

  void delivered() override {
    market.change([](heard_market& x) { x.undelivered = 0; });
  }

  void notice(utc_time, const venue_message& message) override {
    if (std::holds_alternative<best_prices>(message))
      market.change([](heard_market& x) { ++x.best_prices; });
  }

  void history(symbol_id, std::vector<bar> bars) override {
    market.change([&](heard_market& x) { x.bars = std::move(bars); });
  }

  guarded<heard_market> market;

private:
  static void take(heard_market& x, const market_event& event) {
    switch (event.kind) {
      case market_event_kind::trade:
        x.trades.push_back(event.sequence);
        break;
      case market_event_kind::book_reset:
        ++x.resets;
        x.reset_seen = true;
        x.whole = false;
        break;
      case market_event_kind::bid_level:
        x.lied |= !x.reset_seen;
        x.whole = false;
        if (event.px.ticks == 1'000)
          x.bid_lots = event.qty.lots;
        break;
      case market_event_kind::ask_level:
        x.lied |= !x.reset_seen;
        x.whole = false;
        break;
      case market_event_kind::book_complete:
        ++x.completes;
        x.whole = x.reset_seen;
        break;
      case market_event_kind::mark_price:
        ++x.marks;
        break;
      case market_event_kind::index_price:
      case market_event_kind::reference_price:
        break;
      case market_event_kind::funding:
        ++x.funding;
        break;
      case market_event_kind::open_interest:
        x.interests.push_back(event.qty);
        break;
      case market_event_kind::interrupted:
        ++x.interrupted;
        x.whole = false;
        x.reset_seen = false;
        break;
    }
  }
};

/// Counts what a recorder would get, by kind.
class counting_tap final : public raw_sink {
public:
  bool append(const raw_record& record) noexcept override {
    counts.change([&](auto& x) { ++x[record.kind]; });
    return true;
  }

  guarded<std::map<raw_kind, uint64_t>> counts;
};

/// Milliseconds instead of seconds, and no roll-over.
inline collector_settings quick() {
  using namespace std::chrono_literals;
  collector_settings result;
  result.line.socket.between_sends = 1ms;
  result.line.reconnect = {1ms, 10ms};
  result.line.watch_interval = 5ms;
  result.line.roll_over_after = timespan{0};
  result.line.overlap = 20ms;
  result.ask_again = {1ms, 10ms};
  result.history_bars = 2;
  result.interest_interval = timespan{0};
  return result;
}

} // namespace qalpha::test
