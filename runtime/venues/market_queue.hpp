// The hand-off of market data from the network thread to the node.

#pragma once

#include "models/market/conflator.hpp"
#include "models/market/market_event.hpp"

#include <boost/lockfree/spsc_queue.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace qalpha {

/// What went through a `market_queue`.
struct market_queue_counters {
  /// Batches taken from the network thread.
  uint64_t pushed = 0;
  /// Batches of these that met a full queue and were conflated.
  uint64_t overflowed = 0;
  /// What conflation did, all symbols together.
  conflator_statistics conflation;
};

/// A queue from one thread to one other, bounded in batches and in events.
/// While there is room it takes no lock. When the reader is behind, the batches
/// of each symbol wait in a `conflator` instead, which bounds the memory and
/// keeps books, trades and sequences exact; what is waiting there is older than
/// nothing in the queue and is read when the queue is empty. Order within a
/// symbol is kept.
class market_queue {
public:
  /// Enough for a tenth of a second of 16 busy symbols.
  static constexpr size_t default_capacity = 4'096;

  /// Events that may wait for each batch that may; one batch may have more.
  static constexpr size_t events_a_batch = 16;

  explicit market_queue(size_t symbols, size_t capacity = default_capacity);

  market_queue(const market_queue&) = delete;
  market_queue& operator=(const market_queue&) = delete;
  ~market_queue();

  // -- network thread ---------------------------------------------------------

  /// Does not wake the reader.
  /// @pre `batch.symbol` is one of the symbols
  /// @returns `false` if the book of the symbol had to be given up just now: it
  ///          has to begin anew.
  bool push(market_batch batch);

  /// Wakes the reader if it sleeps; call after one push or several.
  void wake();

  // -- reader -----------------------------------------------------------------

  /// Appends everything that waits, merged into one batch a symbol and visit:
  /// a reader that gets up once handles many messages at once.
  void drain(std::vector<market_batch>& out);

  /// Sleeps until something waits.
  /// @returns `false` if `limit` passed before.
  bool wait(std::chrono::nanoseconds limit);

  market_queue_counters counters() const;

private:
  bool has_something() const noexcept;
  bool enqueue(market_batch& batch);
  void append(std::vector<market_batch>& out, market_batch&& batch);

  boost::lockfree::spsc_queue<market_batch*> ready_;
  size_t most_events_;
  // Events in `ready_`.
  std::atomic<size_t> events_{0};
  std::atomic<uint64_t> pushed_{0};

  // Symbols whose conflator holds something. Zero: the fast path.
  std::atomic<size_t> behind_{0};
  mutable std::mutex overflow_mutex_;
  std::vector<conflator> overflow_;
  uint64_t overflowed_ = 0;

  std::mutex sleep_mutex_;
  std::condition_variable awake_;
  std::atomic<bool> sleeping_{false};

  // Of the reader: position in its output of each symbol, plus one.
  std::vector<size_t> place_;
};

} // namespace qalpha
