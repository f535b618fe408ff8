#include "runtime/venues/market_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace qalpha {

market_queue::market_queue(size_t symbols, size_t capacity)
  : ready_(capacity), most_events_(capacity * events_a_batch), place_(symbols) {
  for (size_t i = 0; i < symbols; ++i)
    overflow_.emplace_back(symbol_id{static_cast<uint16_t>(i)});
}

market_queue::~market_queue() {
  market_batch* left = nullptr;
  while (ready_.pop(left))
    delete left;
}

// -- network thread -----------------------------------------------------------

bool market_queue::push(market_batch batch) {
  pushed_.fetch_add(1, std::memory_order_relaxed);
  if (behind_.load(std::memory_order_acquire) == 0 && enqueue(batch))
    return true;
  std::lock_guard guard{overflow_mutex_};
  auto& slot = overflow_[batch.symbol.index];
  // Nothing of this symbol waits: if there is room again, it goes ahead. A
  // book that was given up stays with the conflator until it begins anew.
  if (slot.empty() && !slot.needs_snapshot() && enqueue(batch))
    return true;
  auto was_lost = slot.needs_snapshot();
  slot.add(batch);
  behind_.fetch_add(1, std::memory_order_release);
  ++overflowed_;
  return was_lost || !slot.needs_snapshot();
}

// @returns whether there was room.
bool market_queue::enqueue(market_batch& batch) {
  auto waiting = events_.load(std::memory_order_relaxed);
  auto more = batch.events.size();
  if (waiting > 0 && waiting + more > most_events_)
    return false;
  auto next = std::make_unique<market_batch>(std::move(batch));
  // Before the reader may take them away again.
  events_.fetch_add(more, std::memory_order_relaxed);
  if (ready_.push(next.get())) {
    next.release();
    return true;
  }
  events_.fetch_sub(more, std::memory_order_relaxed);
  batch = std::move(*next);
  return false;
}

// The reader says that it sleeps before it looks a last time, and the writer
// looks whether it sleeps after it has written: one of them sees the other.
void market_queue::wake() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!sleeping_.load(std::memory_order_relaxed)
      || !sleeping_.exchange(false, std::memory_order_relaxed))
    return;
  {
    // A reader that has looked but does not sleep yet has this lock.
    std::lock_guard guard{sleep_mutex_};
  }
  awake_.notify_one();
}

// -- reader -------------------------------------------------------------------

bool market_queue::has_something() const noexcept {
  return ready_.read_available() > 0
         || behind_.load(std::memory_order_acquire) > 0;
}

bool market_queue::wait(std::chrono::nanoseconds limit) {
  if (has_something())
    return true;
  std::unique_lock guard{sleep_mutex_};
  auto found = awake_.wait_for(guard, limit, [this] {
    // Again after each awakening: the writer takes the flag back.
    sleeping_.store(true, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return has_something();
  });
  sleeping_.store(false, std::memory_order_relaxed);
  return found;
}

void market_queue::drain(std::vector<market_batch>& out) {
  std::fill(place_.begin(), place_.end(), 0);
  // No more than there is now: a writer in a hurry must not keep the reader.
  auto left = ready_.read_available();
  market_batch* next = nullptr;
  auto take = [&] {
    std::unique_ptr<market_batch> owned{next};
    events_.fetch_sub(owned->events.size(), std::memory_order_relaxed);
    append(out, std::move(*owned));
  };
  for (; left > 0 && ready_.pop(next); --left)
    take();
  if (behind_.load(std::memory_order_acquire) == 0)
    return;
  std::lock_guard guard{overflow_mutex_};
  // What came into the queue since then is older than what waits here.
  while (ready_.pop(next))
    take();
  for (auto& slot : overflow_)
    if (!slot.empty())
      append(out, slot.take());
  // A conflator that waits for a snapshot must not be passed by.
  auto lost = std::count_if(overflow_.begin(), overflow_.end(),
                            [](const auto& x) { return x.needs_snapshot(); });
  behind_.store(static_cast<size_t>(lost), std::memory_order_release);
}

void market_queue::append(std::vector<market_batch>& out,
                          market_batch&& batch) {
  auto& place = place_[batch.symbol.index];
  if (place == 0) {
    out.push_back(std::move(batch));
    place = out.size();
    return;
  }
  auto& into = out[place - 1];
  into.received = std::max(into.received, batch.received);
  into.events.insert(into.events.end(),
                     std::make_move_iterator(batch.events.begin()),
                     std::make_move_iterator(batch.events.end()));
}

market_queue_counters market_queue::counters() const {
  market_queue_counters result{
    .pushed = pushed_.load(std::memory_order_relaxed)};
  std::lock_guard guard{overflow_mutex_};
  result.overflowed = overflowed_;
  auto& sum = result.conflation;
  for (const auto& slot : overflow_) {
    auto& one = slot.statistics();
    sum.events_in += one.events_in;
    sum.events_out += one.events_out;
    sum.conflated += one.conflated;
    sum.dropped += one.dropped;
    sum.folded += one.folded;
    sum.lost_books += one.lost_books;
  }
  return result;
}

} // namespace qalpha
