// Market data of one symbol that waits for a reader who is slow.

#pragma once

#include "models/market/market_event.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace qalpha {

/// Settings of a `conflator`.
struct conflator_settings {
  /// Trades of one price and aggressor are summed within slots of this length.
  /// @pre bars are whole multiples of it
  timespan trade_slot = std::chrono::milliseconds{100};

  /// Length of the shortest bars that are built from the trades.
  timespan bar_interval = std::chrono::minutes{1};

  /// Changed prices that may wait; beyond, the book is given up.
  size_t max_levels = 16'384;

  /// Trades that may wait; beyond, they are folded into the extremes of bars.
  size_t max_trades = 4'096;
};

/// What a `conflator` did so far.
struct conflator_statistics {
  uint64_t events_in = 0;
  uint64_t events_out = 0;
  /// Events that are part of another, or were replaced by a newer one.
  uint64_t conflated = 0;
  /// Events whose content is lost.
  uint64_t dropped = 0;
  /// Trades that lost their price, but not their bar. Part of `conflated`.
  uint64_t folded = 0;
  /// Times that the book was given up.
  uint64_t lost_books = 0;

  friend bool
  operator==(const conflator_statistics&, const conflator_statistics&)
    = default;
};

/// Merges batches into one while its reader is behind, so that a `feed` that
/// takes the merged batch ends in the same book, sequence, bars and marks as
/// one that takes them all:
///
/// * The changes of complete groups become one group with the last quantity of
///   each price; its `book_complete` says how many it `merged`. A group that is
///   not complete waits for its end. A jump of the sequence stays one, unless a
///   snapshot follows, which makes all before it void.
/// * Trades of the same price and aggressor, without another trade between and
///   within one `trade_slot`, become one; so bars stay exact.
/// * Of marks, index prices, funding, reference prices and open interest the
///   newest stays.
///
/// Events stay in order of arrival, each where its last part came; with one
/// batch inside the same batch comes out, but for the trades. Memory is
/// bounded. A book with too many changed prices is given up: `interrupted`
/// takes its place and all changes up to the next snapshot are dropped, which
/// `needs_snapshot` tells. Too many trades are folded: of consecutive trades
/// within one bar the first, the lowest, the highest and the last remain and
/// hold the volume; if that does not help, the older half is dropped. What was
/// folded or lost its neighbours says so in `rate_e8`.
class conflator {
public:
  explicit conflator(symbol_id symbol, conflator_settings settings = {});

  /// @pre `batch.symbol` is this one
  void add(const market_batch& batch);

  /// @returns all that waits, as one batch.
  market_batch take();

  /// @returns `true` if `take` would be empty.
  bool empty() const noexcept {
    return waiting() == 0;
  }

  /// @returns `true` from when the book was given up until a snapshot begins.
  bool needs_snapshot() const noexcept {
    return lost_;
  }

  const conflator_statistics& statistics() const noexcept {
    return statistics_;
  }

private:
  // An event and when it came.
  struct arrival {
    market_event event;
    uint64_t order = 0;
  };

  void add(const market_event& event);
  void add_trade(const market_event& event);
  void add_level(const market_event& event);
  void add_reset(const market_event& event);
  void add_complete(const market_event& event);
  void add_interruption(const market_event& event);
  void break_book(const market_event& event);
  void forget_book() noexcept;
  void compact();
  void fold_trades();
  void put_book(std::vector<arrival>& out);
  size_t waiting() const noexcept;
  size_t ready_levels() const noexcept;

  symbol_id symbol_;
  conflator_settings settings_;
  utc_time received_;
  uint64_t order_ = 0;
  std::vector<arrival> trades_;
  // Newest of each kind that only has a present.
  std::array<std::optional<arrival>, 5> newest_;

  std::optional<arrival> interruption_;
  // Begins the groups, if a snapshot is among them.
  std::optional<arrival> reset_;
  // Of complete groups up to `grouped_`, then of the open one; by arrival, or
  // by price once there were many.
  std::vector<market_event> levels_;
  size_t grouped_ = 0;
  // The last of the complete groups.
  std::optional<arrival> complete_;
  // Of the last reset or change that was taken up.
  uint64_t open_order_ = 0;
  // The snapshot is not complete.
  bool reset_open_ = false;
  // Follows the groups and makes the reader refuse the book.
  std::optional<arrival> break_;
  // Size of `levels_` that calls for merging.
  size_t compact_at_;
  bool lost_ = false;
  conflator_statistics statistics_;
};

} // namespace qalpha
