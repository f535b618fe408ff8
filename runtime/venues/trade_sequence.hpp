// Trades of one symbol, each exactly once and in order.

#pragma once

#include "runtime/venues/venue_message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace qalpha {

/// Settings of a `trade_sequence`.
struct trade_sequence_settings {
  /// The venue numbers its trades one by one (Binance). Else trades pass as
  /// they come (Bybit), since nothing tells one that is missing.
  bool numbered = true;

  /// Trades that may wait for those before them.
  size_t most_held = 100'000;

  /// The longest gap that is filled. A longer one is told and passed over: to
  /// fetch it would take all of the request budget.
  timespan longest_gap = std::chrono::hours{1};
};

/// Counts of a `trade_sequence`.
struct trade_sequence_counts {
  uint64_t delivered = 0;
  uint64_t duplicates = 0;
  uint64_t gaps = 0;
  /// Trades that were fetched because the stream did not bring them.
  uint64_t backfilled = 0;
  /// Trades that nobody will see, by their numbers.
  uint64_t lost = 0;

  friend bool
  operator==(const trade_sequence_counts&, const trade_sequence_counts&)
    = default;
};

/// Passes trades on by their numbers. When some are missing it holds what comes
/// after them until they were fetched:
///
///              number skips                         gap filled, or given up
///   passing ────────────────▶ holding, wants_from() ─────────────────▶ passing
class trade_sequence {
public:
  using trades = std::vector<public_trade>;

  explicit trade_sequence(trade_sequence_settings settings)
    : settings_(settings) {
    // nop
  }

  /// Takes a trade of the stream; appends what can be passed on.
  void step(const public_trade& trade, trades& out);

  /// @returns the number from which on trades have to be fetched, if any.
  std::optional<uint64_t> wants_from() const noexcept;

  /// Takes a page of fetched trades, oldest first. An empty one proves that
  /// there are no trades to fill the gap with.
  void backfill(const trades& page, trades& out);

  /// The missing trades cannot be had: passes on what was held.
  void give_up(trades& out);

  const trade_sequence_counts& counts() const noexcept {
    return counts_;
  }

private:
  void pass(const public_trade& trade, trades& out);
  void release(trades& out);

  trade_sequence_settings settings_;
  // Of the trade that was passed on last; zero before the first.
  uint64_t last_ = 0;
  utc_time last_time_;
  // Each number once, growing; those up to `last_` + 1 are not among them.
  std::deque<public_trade> held_;
  trade_sequence_counts counts_;
};

} // namespace qalpha
