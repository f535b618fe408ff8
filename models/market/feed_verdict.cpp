// Whether the data of a feed may be traded on.

#include "models/market/feed.hpp"

#include <algorithm>

namespace qalpha {

feed_status feed::verdict(utc_time now) const noexcept {
  if (last_event_.ns == 0)
    return feed_status::starting;
  if (silent(now) || book_stale(now) || book_late_)
    return feed_status::stale;
  if (book_interrupted_)
    return feed_status::interrupted;
  if (book_gapped_ || in_snapshot_)
    return feed_status::gapped;
  // The middle of a group says nothing new about the book.
  if (in_group_)
    return status_;
  if (has_book_
      && (book_.depth(side::buy) == 0 || book_.depth(side::sell) == 0))
    return feed_status::gapped;
  return book_.crossed() ? feed_status::crossed : feed_status::live;
}

bool feed::silent(utc_time now) const noexcept {
  return now - last_event_ > settings_.stale_after + bar_length_;
}

bool feed::book_stale(utc_time now) const noexcept {
  return has_book_ && book_event_.ns > 0
         && now - book_event_
              > std::max(settings_.book_stale_after, settings_.stale_after);
}

utc_time feed::silent_since(utc_time now) const noexcept {
  return book_stale(now) ? book_event_ : last_event_;
}

sequence_state feed::sequence() const noexcept {
  if (!has_book_)
    return sequence_state::none;
  if (book_interrupted_)
    return sequence_state::interrupted;
  if (book_gapped_)
    return sequence_state::gapped;
  return in_snapshot_ ? sequence_state::rebuilding : sequence_state::exact;
}

void feed::judge(feed_status verdict, utc_time now, effects& out) {
  auto previous = status_;
  around_.doubt(previous);
  status_ = verdict;
  if (verdict == feed_status::live) {
    dirty_since_ = {};
    live_since_ = now;
  } else {
    told_mark_ = {};
    told_quote_ = {};
    if (dirty_since_.ns == 0)
      dirty_since_ = verdict == feed_status::stale ? silent_since(now) : now;
  }
  out.tell(report(previous, now));
}

feed_health feed::report(feed_status previous, utc_time now) const noexcept {
  return {.symbol = symbol_,
          .time = now,
          .status = status_,
          .previous = previous,
          .age = std::max(now - silent_since(now), timespan{0}),
          .gaps = gaps_,
          .events = events_,
          .lag = lag_,
          .sequence = sequence(),
          .dirty_since = dirty_since_};
}

std::optional<int64_t> feed::basis_e8(utc_time now) const noexcept {
  auto bid = book_.best(side::buy);
  auto ask = book_.best(side::sell);
  auto other = reference_.at(now, settings_.stale_after);
  if (status_ != feed_status::live || in_group_ || !bid || !ask || !other)
    return std::nullopt;
  return basis_between(bid->px, ask->px, *other);
}

} // namespace qalpha
