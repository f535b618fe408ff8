// Random orders against a random market, the same for the same seed.

#pragma once

#include "models/simulation/random_stream.hpp"
#include "tests/models/simulation/venue_fixture.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace qalpha::test {

/// Settings that make all rules of the venue take part.
inline venue_settings random_settings(uint64_t seed) {
  random_stream random{seed, 99};
  venue_settings result;
  result.maker_fee.e8 = random.below(60'000) - 20'000;
  result.taker_fee.e8 = random.below(80'000);
  result.bar_slippage_e8 = random.below(3) * 10'000;
  result.order_latency = std::chrono::seconds{random.below(90)};
  result.funding_rate.e8 = random.below(40'000) - 20'000;
  result.funding_interval = std::chrono::minutes{10};
  result.bar_volume_share_bps = random.below(2) * 2'000;
  return result;
}

/// Two symbols; a step is one bar of a minute or ten batches of six seconds.
class random_trading {
public:
  random_trading(uint64_t seed, bool on_books)
    : random_(seed, 1), on_books_(on_books) {
    // nop
  }

  void run(simulated_venue& venue, recorder& out, int steps) {
    for (int i = 0; i < steps; ++i, ++minute_) {
      for (auto n = random_.below(4); n > 0; --n)
        command(venue, out);
      if (random_.below(5) == 0)
        venue.step(close_of(minute_ - 1), out);
      for (uint16_t symbol = 0; symbol < 2; ++symbol) {
        if (on_books_)
          books(venue, out, symbol);
        else if (random_.below(20) != 0)
          venue.step(next_bar(symbol), out);
      }
    }
  }

  /// Every order that was sent, by sequence, from 1.
  const std::vector<order_intent>& orders() const {
    return orders_;
  }

private:
  int64_t around(int64_t px, int64_t width) {
    return std::max<int64_t>(2, px + random_.below(2 * width + 1) - width);
  }

  void command(simulated_venue& venue, recorder& out) {
    auto time = close_of(minute_ - 1);
    auto pick = random_.below(10);
    if (pick >= 7 && !orders_.empty()) {
      auto& old = orders_[static_cast<size_t>(
        random_.below(static_cast<int64_t>(orders_.size())))];
      if (pick == 7)
        venue.step(query_order{old.right.id, time}, out);
      else
        venue.step(cancel_order{old.right.id, time}, out);
      return;
    }
    if (pick == 6 && !orders_.empty()) {
      venue.step(orders_.back(), out);
      return;
    }
    venue.step(orders_.emplace_back(order(time)), out);
  }

  order_intent order(utc_time time) {
    auto symbol = static_cast<uint16_t>(random_.below(2));
    auto px = px_[symbol];
    auto lots = random_.below(200) - 99;
    order_options options;
    options.kind = static_cast<order_kind>(random_.below(3));
    options.limit = options.kind == order_kind::market ? 0 : around(px, 20);
    options.low = around(px - 60, 30);
    options.high = around(px + 60, 30);
    options.reduce_only = random_.below(4) == 0;
    options.symbol = symbol;
    auto sequence = static_cast<uint32_t>(orders_.size() + 1);
    return make_order(sequence, time, lots, options);
  }

  bar_closed next_bar(uint16_t symbol) {
    auto open = around(px_[symbol], 10);
    auto close = around(open, 15);
    auto high = std::max(open, close) + random_.below(10);
    auto low = std::min(open, close) - random_.below(10);
    px_[symbol] = std::clamp<int64_t>(close, 500, 2'000);
    return make_bar(minute_, open, high, std::max<int64_t>(1, low), close,
                    random_.below(500), symbol);
  }

  void books(simulated_venue& venue, recorder& out, uint16_t symbol) {
    for (int i = 0; i < 10; ++i) {
      auto& px = px_[symbol];
      px = std::clamp<int64_t>(around(px, 3), 500, 2'000);
      auto start = close_of(minute_ - 1) + std::chrono::seconds{6 * i};
      batch events{start, symbol};
      auto traded = around(px, 4);
      events.trade(traded, random_.below(60) - 30).reset();
      for (int64_t level = 1; level <= 5; ++level)
        events.bid(px - level, 1 + random_.below(50))
          .ask(px + level, 1 + random_.below(50));
      if (random_.below(10) != 0)
        events.complete();
      if (random_.below(3) == 0)
        events.mark(px);
      venue.step(events, out);
    }
  }

  random_stream random_;
  bool on_books_;
  int64_t minute_ = 1;
  std::array<int64_t, 2> px_{1'000, 1'500};
  std::vector<order_intent> orders_;
};

} // namespace qalpha::test
