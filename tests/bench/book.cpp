// The book against a std::map, both with the order-flow imbalance of ten levels
// after every message, on the same stream in the same run.
//
//   generated   33 changes a message around a touch that wanders
//   recorded    the BTCUSDT session below QALPHA_DATA, when it is there
//
// Each run ends in a checksum of best prices and imbalances. A difference
// between the two books fails the benchmark.

#include "models/market/book.hpp"
#include "models/market/book_sync.hpp"
#include "tests/models/market/recorded_depth.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>

using namespace qalpha;

namespace {

constexpr size_t depth = 10;

using top_levels = std::array<book_level, depth>;

/// Groups of changes, each ending in a `book_complete`.
using stream = std::vector<market_event>;

// -- streams ------------------------------------------------------------------

void put(stream& out, side which, int64_t px, int64_t lots) {
  out.push_back({.px = {px},
                 .qty = {lots},
                 .kind = which == side::buy ? market_event_kind::bid_level
                                            : market_event_kind::ask_level});
}

void complete(stream& out) {
  out.push_back({.kind = market_event_kind::book_complete});
}

// A thousand levels a side, then messages as of a liquid future: most changes
// are near the touch, the rest reaches two percent of the price.
stream generated(size_t messages) {
  std::mt19937_64 random{7};
  auto dice = [&](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>{low, high}(random);
  };
  stream result;
  int64_t touch = 600'000;
  for (int64_t i = 0; i < 1'000; ++i) {
    put(result, side::buy, touch - i * 3, dice(1, 1'000));
    put(result, side::sell, touch + 1 + i * 3, dice(1, 1'000));
  }
  complete(result);
  for (size_t i = 0; i < messages; ++i) {
    auto step = dice(-2, 2);
    // What the touch runs over is gone.
    for (auto px = touch + 1; px <= touch + step; ++px)
      put(result, side::sell, px, 0);
    for (auto px = touch; px > touch + step; --px)
      put(result, side::buy, px, 0);
    touch += step;
    put(result, side::buy, touch, dice(1, 1'000));
    put(result, side::sell, touch + 1, dice(1, 1'000));
    for (int change = 0; change < 31 - std::abs(step); ++change) {
      auto which = dice(0, 1) == 0 ? side::buy : side::sell;
      auto reach = dice(1, 100) <= 60 ? 30 : dice(1, 100) <= 80 ? 600 : 12'000;
      auto away = dice(1, reach);
      put(result, which, which == side::buy ? touch - away : touch + 1 + away,
          dice(1, 100) <= 45 ? 0 : dice(1, 1'000));
    }
    complete(result);
  }
  return result;
}

stream recorded() {
  stream result;
  auto path = test::recorded_path("binance_usdm/btcusdt_20240808.gz");
  if (!path)
    return result;
  book_sync sync;
  for (auto& message : test::recorded_session(*path, {10'000'000, 100'000}))
    std::visit([&](auto& x) { sync.step(x, result); }, message);
  return result;
}

const stream& stream_of(bool real) {
  static const auto streams = std::array{generated(20'000), recorded()};
  return streams[real];
}

// -- books --------------------------------------------------------------------

struct flat_book {
  book levels;

  void set(side which, price px, quantity qty) {
    levels.set(which, px, qty);
  }

  void copy_top(side which, top_levels& out) const {
    std::fill(out.begin() + levels.copy_top(which, out), out.end(),
              book_level{});
  }
};

struct tree_book {
  std::map<int64_t, int64_t, std::greater<>> bids;
  std::map<int64_t, int64_t> asks;

  template <class Map>
  static void set(Map& levels, price px, quantity qty) {
    if (qty.lots == 0)
      levels.erase(px.ticks);
    else
      levels[px.ticks] = qty.lots;
  }

  void set(side which, price px, quantity qty) {
    if (which == side::buy)
      set(bids, px, qty);
    else
      set(asks, px, qty);
  }

  template <class Map>
  static void copy_top(const Map& levels, top_levels& out) {
    auto pos = levels.begin();
    for (auto& level : out) {
      level = {};
      if (pos == levels.end())
        continue;
      level = {{pos->first}, {pos->second}};
      ++pos;
    }
  }

  void copy_top(side which, top_levels& out) const {
    if (which == side::buy)
      copy_top(bids, out);
    else
      copy_top(asks, out);
  }
};

// -- order-flow imbalance -----------------------------------------------------

/// Cont, Kukanov and Stoikov's order flow of one level of a side: what was
/// added at or better than the price that the level had, less what was taken.
/// `better` is positive if the price of the level improved.
int64_t flow(const book_level& before, const book_level& now, int64_t better) {
  return (better >= 0 ? now.qty.lots : 0) - (better <= 0 ? before.qty.lots : 0);
}

/// Sums of order-flow imbalance by level since the start.
struct imbalance {
  top_levels bids{};
  top_levels asks{};
  std::array<int64_t, depth> sums{};

  template <class Book>
  void update(const Book& levels) {
    top_levels bids_now;
    top_levels asks_now;
    levels.copy_top(side::buy, bids_now);
    levels.copy_top(side::sell, asks_now);
    for (size_t i = 0; i < depth; ++i) {
      sums[i] += flow(bids[i], bids_now[i],
                      bids_now[i].px.ticks - bids[i].px.ticks);
      sums[i] -= flow(asks[i], asks_now[i],
                      asks[i].px.ticks - asks_now[i].px.ticks);
    }
    bids = bids_now;
    asks = asks_now;
  }
};

// -- runs ---------------------------------------------------------------------

struct outcome {
  uint64_t checksum = 0;
  uint64_t messages = 0;

  void mix(int64_t x) {
    checksum = (checksum ^ static_cast<uint64_t>(x)) * 0x100000001b3;
  }
};

// With `Flow`, the imbalance follows every message.
template <class Book, bool Flow>
outcome run(const stream& events) {
  Book levels;
  imbalance flows;
  outcome result;
  for (auto& event : events) {
    switch (event.kind) {
      case market_event_kind::bid_level:
      case market_event_kind::ask_level:
        levels.set(event.kind == market_event_kind::bid_level ? side::buy
                                                              : side::sell,
                   event.px, event.qty);
        break;
      case market_event_kind::book_complete:
        ++result.messages;
        if (!Flow)
          break;
        flows.update(levels);
        result.mix(flows.bids[0].px.ticks);
        result.mix(flows.asks[0].px.ticks);
        result.mix(flows.sums[0]);
        break;
      default:
        break;
    }
  }
  flows.update(levels);
  for (auto x : flows.sums)
    result.mix(x);
  return result;
}

template <class Book, bool Flow>
void bench(benchmark::State& state) {
  auto& events = stream_of(state.range(0) != 0);
  if (events.empty()) {
    state.SkipWithError("no recorded data");
    return;
  }
  auto expected = run<tree_book, Flow>(events);
  for (auto _ : state) {
    auto result = run<Book, Flow>(events);
    if (result.checksum != expected.checksum) {
      state.SkipWithError("the books differ");
      return;
    }
  }
  auto runs = static_cast<double>(state.iterations());
  auto messages = static_cast<double>(expected.messages);
  auto changes = static_cast<double>(events.size()) - messages;
  using counter = benchmark::Counter;
  state.counters["messages/s"] = counter(runs * messages, counter::kIsRate);
  state.counters["changes/s"] = counter(runs * changes, counter::kIsRate);
  state.counters["checksum"]
    = static_cast<double>(expected.checksum % 1'000'000);
}

} // namespace

#define QALPHA_BOOK_BENCH(book, with_flow)                                     \
  BENCHMARK_TEMPLATE(bench, book, with_flow)                                   \
    ->ArgName("recorded")                                                      \
    ->Arg(0)                                                                   \
    ->Arg(1)                                                                   \
    ->Unit(benchmark::kMillisecond)

QALPHA_BOOK_BENCH(tree_book, true);
QALPHA_BOOK_BENCH(flat_book, true);
QALPHA_BOOK_BENCH(tree_book, false);
QALPHA_BOOK_BENCH(flat_book, false);
