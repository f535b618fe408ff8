#include "models/market/book_sync.hpp"

#include <algorithm>
#include <chrono>

namespace qalpha {

namespace {

/// The matching engine's time may repeat; further back than this is a broken
/// clock. The same limit as a feed's, which would drop such levels.
constexpr timespan largest_step_back = std::chrono::seconds{1};

bool acceptable_levels(const std::vector<level_change>& levels) noexcept {
  return std::all_of(levels.begin(), levels.end(), [](const level_change& x) {
    return x.px.ticks > 0 && x.qty.lots >= 0;
  });
}

/// @returns `true` if `x` tells nothing new to who knows all up to `last` at
///          `time`. A venue that restarts its ids has a later time and is not
///          taken for a repetition.
bool repeats(const depth_update& x, uint64_t last, utc_time time) noexcept {
  return x.last <= last && x.time <= time;
}

bool continues(const depth_update& x, uint64_t last, utc_time time) noexcept {
  return x.previous == last && x.time >= time - largest_step_back;
}

} // namespace

book_sync::book_sync(book_sync_settings settings) : settings_(settings) {
  // nop
}

bool book_sync::needs_snapshot() const noexcept {
  if (settings_.rule == sync_rule::streamed_snapshot)
    return !in_step_;
  // A snapshot from before the first update could not be bridged.
  return !in_step_ && !pending_ && !buffer_.empty();
}

// -- updates ------------------------------------------------------------------

bool book_sync::acceptable(const depth_update& update) const noexcept {
  // A message of spot has no `previous`.
  return update.previous > 0 && update.previous < update.first
         && update.first <= update.last && update.time.ns > 0
         && acceptable_levels(update.bids) && acceptable_levels(update.asks);
}

void book_sync::step(const depth_update& update, events& out) {
  ++statistics_.received;
  auto sound = acceptable(update);
  if (!sound)
    ++statistics_.refused;
  if (in_step_) {
    if (sound && continues(update, last_, time_)) {
      apply(update, statistics_.received - 1, out);
      return;
    }
    if (sound && repeats(update, last_, time_)) {
      ++statistics_.dropped;
      return;
    }
    ++statistics_.gaps;
    lose(update.time, out);
  }
  if (!sound)
    return;
  if (settings_.rule == sync_rule::streamed_snapshot) {
    ++statistics_.dropped;
    return;
  }
  keep(update);
  bridge(out);
}

void book_sync::keep(const depth_update& update) {
  auto levels = update.bids.size() + update.asks.size();
  if (!buffer_.empty()) {
    auto& newest = buffer_.back().update;
    if (repeats(update, newest.last, newest.time)) {
      ++statistics_.dropped;
      return;
    }
    if (!continues(update, newest.last, newest.time)) {
      ++statistics_.gaps;
      clear_buffer();
    } else if (buffer_.size() == settings_.max_updates
               || buffered_levels_ + levels > settings_.max_levels) {
      ++statistics_.overflows;
      clear_buffer();
    }
  }
  // One that is larger than the buffer leaves a gap, which the next one shows.
  if (levels > settings_.max_levels)
    return;
  buffer_.push_back({statistics_.received - 1, update});
  buffered_levels_ += levels;
}

void book_sync::apply(const depth_update& update, uint64_t index, events& out) {
  if (!statistics_.bridge)
    statistics_.bridge = bridging_update{index, update.first, update.last,
                                         update.previous};
  ++statistics_.applied;
  last_ = update.last;
  time_ = std::max(time_, update.time);
  tell(update.time, update.bids, update.asks, out);
}

// -- snapshots ----------------------------------------------------------------

void book_sync::step(const depth_snapshot& snapshot, events& out) {
  if (snapshot.last == 0 || snapshot.time.ns <= 0
      || !acceptable_levels(snapshot.bids)
      || !acceptable_levels(snapshot.asks)) {
    ++statistics_.refused;
    // In the stream it replaced a book that is now unknown.
    if (in_step_ && settings_.rule == sync_rule::streamed_snapshot) {
      ++statistics_.gaps;
      lose(snapshot.time, out);
    }
    return;
  }
  if (settings_.rule == sync_rule::streamed_snapshot) {
    start(snapshot, out);
    return;
  }
  if (in_step_ || (pending_ && pending_->last >= snapshot.last))
    return;
  pending_ = snapshot;
  bridge(out);
}

// Joins the awaited snapshot and the buffer, if both are at hand.
void book_sync::bridge(events& out) {
  if (!pending_)
    return;
  while (!buffer_.empty() && buffer_.front().update.last < pending_->last) {
    auto& front = buffer_.front().update;
    buffered_levels_ -= front.bids.size() + front.asks.size();
    buffer_.pop_front();
    ++statistics_.dropped;
  }
  if (buffer_.empty())
    return;
  if (buffer_.front().update.first > pending_->last) {
    ++statistics_.too_old;
    pending_.reset();
    return;
  }
  start(*pending_, out);
  for (auto& [index, update] : buffer_)
    apply(update, index, out);
  clear_buffer();
  pending_.reset();
}

void book_sync::start(const depth_snapshot& snapshot, events& out) {
  ++statistics_.snapshots;
  statistics_.bridge.reset();
  in_step_ = true;
  last_ = snapshot.last;
  time_ = snapshot.time;
  out.push_back({.time = snapshot.time,
                 .sequence = snapshot.last,
                 .kind = market_event_kind::book_reset});
  tell(snapshot.time, snapshot.bids, snapshot.asks, out);
}

// -- both ---------------------------------------------------------------------

void book_sync::tell(utc_time time, const std::vector<level_change>& bids,
                     const std::vector<level_change>& asks, events& out) {
  auto put = [&](market_event_kind kind, const level_change& x) {
    out.push_back({.time = time, .px = x.px, .qty = x.qty, .kind = kind});
  };
  for (auto& level : bids)
    put(market_event_kind::bid_level, level);
  for (auto& level : asks)
    put(market_event_kind::ask_level, level);
  out.push_back({.time = time,
                 .sequence = ++sequence_,
                 .kind = market_event_kind::book_complete});
}

void book_sync::interrupt(utc_time now, events& out) {
  lose(now, out);
}

void book_sync::lose(utc_time now, events& out) {
  clear_buffer();
  pending_.reset();
  if (!in_step_)
    return;
  in_step_ = false;
  out.push_back(
    {.time = now.ns > 0 ? now : time_, .kind = market_event_kind::interrupted});
}

void book_sync::clear_buffer() noexcept {
  buffer_.clear();
  buffered_levels_ = 0;
}

} // namespace qalpha
