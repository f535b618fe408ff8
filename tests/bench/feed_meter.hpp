// Takes the time at which feeds have handled what a venue sent.

#pragma once

#include "actors/ports/observers.hpp"
#include "runtime/node/pulse_barrier.hpp"
#include "tests/bench/bulletin.hpp"
#include "tests/bench/generated_stream.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <numeric>
#include <vector>

namespace qalpha::bench {

/// What one feed has taken, by number of message. Written by the feed alone.
struct lane {
  explicit lane(const std::array<bulletin::stamps, 2>& stamps) : sent(stamps) {
    latencies.reserve(2 * sent[0].size());
  }

  // Depth updates, trades.
  std::array<bulletin::stamps, 2> sent;
  std::array<uint64_t, 2> taken{};
  std::array<uint64_t, 2> done{};
  std::vector<int64_t> latencies;
  uint64_t last_trade = 0;
  uint64_t trades = 0;
  uint64_t conflated = 0;
  // Number of the update and sequence of the group of the last snapshot.
  uint64_t joined = 0;
  uint64_t joined_sequence = 0;
  std::atomic<uint64_t> handled{0};
};

/// Knows what each feed has handled, from the two ports that a feed calls.
class feed_meter final : public market_witness, public pacemaker {
public:
  feed_meter(size_t symbols, const bulletin& board) : barrier(symbols) {
    for (size_t i = 0; i < symbols; ++i)
      lanes.emplace_back(board.stamped[i]);
  }

  void saw(const market_batch& batch) override {
    auto& to = lanes[batch.symbol.index];
    for (auto& x : batch.events)
      take(to, x);
  }

  void saw(const bar_closed&) override {
  }
  void saw(const feed_health&) override {
  }
  void saw(const quote&) override {
  }

  void passed(symbol_id symbol, const pulse& fact) override {
    auto now = now_ns();
    auto& of = lanes[symbol.index];
    for (size_t kind = 0; kind < of.sent.size(); ++kind) {
      auto stamps = of.sent[kind];
      auto end = std::min<uint64_t>(of.taken[kind] + 1, stamps.size());
      for (auto i = of.done[kind] + 1; i < end; ++i)
        if (auto begin = stamps[i].load(std::memory_order_relaxed))
          of.latencies.push_back(now - begin);
      of.done[kind] = of.taken[kind];
    }
    of.handled = of.done[0] + of.done[1];
    barrier.passed(symbol, fact);
  }

  /// Forgets the latencies.
  /// @returns them, sorted.
  /// @pre the feeds are idle
  std::vector<int64_t> take_latencies() {
    std::vector<int64_t> result;
    for (auto& x : lanes) {
      result.insert(result.end(), x.latencies.begin(), x.latencies.end());
      x.latencies.clear();
    }
    std::sort(result.begin(), result.end());
    return result;
  }

  uint64_t handled() const {
    return std::accumulate(
      lanes.begin(), lanes.end(), uint64_t{0},
      [](uint64_t sum, auto& x) { return sum + x.handled; });
  }

  pulse_barrier barrier;
  std::deque<lane> lanes;

private:
  static void take(lane& to, const market_event& x) {
    if (x.kind == market_event_kind::trade) {
      to.trades += x.merged + 1;
      to.conflated += x.merged;
      to.last_trade = x.sequence + x.merged;
      to.taken[1] = to.last_trade - generated_stream::first_id;
    } else if (x.kind == market_event_kind::book_reset) {
      to.joined = (x.sequence - generated_stream::first_id)
                  / generated_stream::ids_an_update;
      to.joined_sequence = 0;
    } else if (x.kind == market_event_kind::book_complete) {
      to.conflated += x.merged;
      if (to.joined_sequence == 0)
        to.joined_sequence = x.sequence - x.merged;
      // The first update after a snapshot is the one that it ended with.
      to.taken[0] = to.joined + (x.sequence - to.joined_sequence);
      if (to.taken[0] > to.joined)
        --to.taken[0];
    }
  }
};

} // namespace qalpha::bench
