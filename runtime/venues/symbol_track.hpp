// From the messages of a venue about one symbol to the events of its feed.

#pragma once

#include "models/market/book_sync.hpp"
#include "models/market/market_event.hpp"
#include "runtime/venues/trade_sequence.hpp"
#include "runtime/venues/venue_message.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace qalpha {

/// Settings of a `symbol_track`.
struct symbol_track_settings {
  book_sync_settings book;
  trade_sequence_settings trades;

  /// Events of the book that may wait for the other streams.
  size_t most_held = 262'144;
};

/// Keeps book, trades and marks of a symbol free of gaps and repetitions, or
/// says `interrupted`. Pure: the owner fetches what it wants.
///
/// Nothing about the book is told before all streams of the symbol have proved
/// that they deliver (`ready`): a book beside silent trades looks right and is
/// not the market. Trades and marks pass at all times.
class symbol_track {
public:
  using events = std::vector<market_event>;

  explicit symbol_track(symbol_track_settings settings);

  void step(const depth_update& update, events& out);
  void step(const depth_snapshot& snapshot, events& out);
  void step(const public_trade& trade, events& out);
  void step(const mark_state& mark, events& out);
  void step(const open_contracts& open, events& out);

  /// All streams deliver, or not any more.
  void ready(bool all, utc_time now, events& out);

  /// A connection of the symbol is gone, or lost something.
  void interrupt(utc_time now, events& out);

  bool wants_snapshot() const noexcept;

  std::optional<uint64_t> wants_trades_from() const noexcept {
    return trades_.wants_from();
  }

  void backfill(const std::vector<public_trade>& page, events& out);

  /// The missing trades cannot be had: says so and goes on.
  void give_up_trades(utc_time now, events& out);

  /// @returns `true` if the events told so far make the venue's book.
  bool in_step() const noexcept {
    return ready_ && book_.in_step();
  }

  const book_sync_statistics& book_statistics() const noexcept {
    return book_.statistics();
  }

  const trade_sequence_counts& trade_counts() const noexcept {
    return trades_.counts();
  }

  /// Marks that came again, or late.
  uint64_t stale_marks() const noexcept {
    return stale_marks_;
  }

private:
  void flush_book(events& out);
  void flush_trades(events& out);

  symbol_track_settings settings_;
  book_sync book_;
  trade_sequence trades_;
  mark_state mark_;
  bool ready_ = false;
  // Events of the book that were not told yet, and of the present input.
  events held_;
  std::vector<public_trade> passed_;
  uint64_t stale_marks_ = 0;
};

} // namespace qalpha
