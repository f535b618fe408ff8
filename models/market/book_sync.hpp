// Keeps the book of one symbol in step with the depth messages of a venue.

#pragma once

#include "models/market/depth.hpp"
#include "models/market/market_event.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace qalpha {

/// How a venue lets a reader join its stream of changes.
enum class sync_rule : uint8_t {
  /// Snapshots are asked for beside the stream and bridged to it: Binance
  /// USDⓈ-M, where `previous` links the messages and ids have holes. The rules
  /// of spot differ and fail here.
  requested_snapshot,
  /// Snapshots come in the stream, at the start and whenever the venue likes,
  /// and replace everything: Bybit v5.
  streamed_snapshot,
};

/// Settings of a `book_sync`.
struct book_sync_settings {
  sync_rule rule = sync_rule::requested_snapshot;

  /// Updates kept while a snapshot is awaited. At ten a second these are over
  /// three minutes.
  size_t max_updates = 2'048;

  /// Level changes in these updates.
  size_t max_levels = 262'144;
};

/// The update that joined stream and snapshot.
struct bridging_update {
  /// Its number among the updates of the symbol, from 0.
  uint64_t index = 0;
  uint64_t first = 0;
  uint64_t last = 0;
  uint64_t previous = 0;

  friend bool operator==(const bridging_update&, const bridging_update&)
    = default;
};

/// What a `book_sync` did so far.
struct book_sync_statistics {
  /// Updates taken, whatever became of them.
  uint64_t received = 0;
  /// Updates that were passed on.
  uint64_t applied = 0;
  /// Breaks of the chain, in the book or in the buffer.
  uint64_t gaps = 0;
  /// Updates that a snapshot already held, or that came again.
  uint64_t dropped = 0;
  /// Updates and snapshots that contradict themselves: ids out of order, a
  /// price that is not positive, a negative quantity, no time.
  uint64_t refused = 0;
  /// Times that the buffer was full and began anew.
  uint64_t overflows = 0;
  /// Snapshots that were passed on.
  uint64_t snapshots = 0;
  /// Snapshots older than the first update at hand.
  uint64_t too_old = 0;
  /// The first update after the latest snapshot.
  std::optional<bridging_update> bridge;

  friend bool
  operator==(const book_sync_statistics&, const book_sync_statistics&)
    = default;
};

/// Turns depth messages into the events of a `feed`. It appends a
/// `book_reset`, levels and a `book_complete` for a snapshot, levels and a
/// `book_complete` for each update that continues it, and `interrupted` once
/// when the chain breaks. The sequence of its `book_complete` is its own and
/// grows by one each time.
///
///                snapshot that some update bridges
///   waiting ───────────────────────────────────────▶ in step
///      ▲  ▲│ updates are kept (requested snapshots)     │
///      │  └┘ or dropped (streamed snapshots)            │
///      └────────────────────────────────────────────────┘
///           an update that does not continue, `interrupt`
///
/// With a requested snapshot of update L: updates that end before L are
/// dropped, the first to apply holds L, and nothing is told before that one
/// came. If the first at hand begins after L, the snapshot is too old and
/// another one is needed.
class book_sync {
public:
  using events = std::vector<market_event>;

  explicit book_sync(book_sync_settings settings = {});

  void step(const depth_update& update, events& out);

  /// Takes a snapshot. One that was requested is ignored when in step.
  void step(const depth_snapshot& snapshot, events& out);

  /// The connection was lost, or the reader of the events lost some: forgets
  /// everything and waits.
  void interrupt(utc_time now, events& out);

  /// @returns `true` if the events told so far make the venue's book.
  bool in_step() const noexcept {
    return in_step_;
  }

  /// @returns `true` if a snapshot has to be requested: now for the first time,
  ///          or again since the last one was refused. How soon is up to the
  ///          caller, who shares a budget. With streamed snapshots `true` asks
  ///          for a new subscription, unless the present one is new itself.
  bool needs_snapshot() const noexcept;

  /// @returns the number of updates kept for a snapshot to come.
  size_t buffered() const noexcept {
    return buffer_.size();
  }

  const book_sync_statistics& statistics() const noexcept {
    return statistics_;
  }

private:
  struct numbered_update {
    uint64_t index = 0;
    depth_update update;
  };

  bool acceptable(const depth_update& update) const noexcept;
  void lose(utc_time now, events& out);
  void keep(const depth_update& update);
  void bridge(events& out);
  void start(const depth_snapshot& snapshot, events& out);
  void apply(const depth_update& update, uint64_t index, events& out);
  void tell(utc_time time, const std::vector<level_change>& bids,
            const std::vector<level_change>& asks, events& out);
  void clear_buffer() noexcept;

  book_sync_settings settings_;
  bool in_step_ = false;
  // Of the update or snapshot that was applied last.
  uint64_t last_ = 0;
  utc_time time_;
  // Of the last `book_complete`.
  uint64_t sequence_ = 0;
  // Each continues the one before.
  std::deque<numbered_update> buffer_;
  size_t buffered_levels_ = 0;
  // Newer than all of `buffer_`.
  std::optional<depth_snapshot> pending_;
  book_sync_statistics statistics_;
};

} // namespace qalpha
