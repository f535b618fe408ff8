#include "models/market/feed.hpp"

#include <algorithm>
#include <numeric>

namespace qalpha {

namespace {

/// Streams of one venue are not in step with each other; further back than this
/// is not lateness but a broken clock or a replayed message.
constexpr timespan largest_step_back = std::chrono::seconds{1};

bool is_level(market_event_kind kind) noexcept {
  return kind == market_event_kind::bid_level
         || kind == market_event_kind::ask_level;
}

bool has_price(market_event_kind kind) noexcept {
  return is_level(kind) || kind == market_event_kind::trade
         || kind == market_event_kind::mark_price
         || kind == market_event_kind::index_price;
}

} // namespace

feed::feed(symbol_id symbol, feed_settings settings)
  : symbol_(symbol), settings_(settings), bars_(settings.bar_interval) {
  // nop
}

// -- events -------------------------------------------------------------------

void feed::step(const market_batch& batch, effects& out) {
  auto accepted = false;
  for (const auto& event : batch.events) {
    ++events_;
    if (acceptable(event)) {
      accepted = true;
      venue_time_ = std::max(venue_time_, event.time);
      apply(event);
      continue;
    }
    ++rejected_;
    // Without this change the book is no longer what the venue has.
    if (is_level(event.kind))
      has_book_ = book_gapped_ = true;
  }
  // A source without a clock of its own is as far as its events.
  auto now = batch.received.ns > 0 ? batch.received : venue_time_;
  if (accepted)
    last_event_ = std::max(last_event_, now);
  finish_batch(now, out);
}

bool feed::acceptable(const market_event& event) const noexcept {
  if (event.qty.lots < 0 || (has_price(event.kind) && event.px.ticks <= 0))
    return false;
  // A snapshot is as old as it is and still the remedy for a gap.
  auto exempt = event.kind == market_event_kind::book_reset
                || (in_snapshot_ && event.kind != market_event_kind::trade
                    && event.kind != market_event_kind::mark_price);
  return event.time.ns > 0
         && (exempt || event.time >= venue_time_ - largest_step_back);
}

void feed::apply(const market_event& event) {
  switch (event.kind) {
    case market_event_kind::trade:
      add_trade(event);
      break;
    case market_event_kind::book_reset:
      book_.clear();
      has_book_ = in_snapshot_ = true;
      // What was rejected so far is void as well.
      book_gapped_ = false;
      break;
    case market_event_kind::bid_level:
      apply_level(event, side::buy);
      break;
    case market_event_kind::ask_level:
      apply_level(event, side::sell);
      break;
    case market_event_kind::book_complete:
      complete_group(event.sequence);
      break;
    case market_event_kind::mark_price:
      venue_mark_ = event.px;
      break;
    case market_event_kind::index_price:
    case market_event_kind::funding:
      break;
    case market_event_kind::interrupted:
      in_snapshot_ = in_group_ = false;
      has_book_ = book_gapped_ = true;
      break;
  }
}

void feed::add_trade(const market_event& event) {
  if (auto done = bars_.add(event.time, event.px, event.qty))
    closed_.push_back(*done);
}

void feed::apply_level(const market_event& event, side which) {
  // Changes of a book whose snapshot has not come yet.
  if (!has_book_)
    has_book_ = book_gapped_ = true;
  in_group_ = true;
  book_.set(which, event.px, event.qty);
}

void feed::complete_group(uint64_t sequence) {
  in_group_ = false;
  if (in_snapshot_) {
    in_snapshot_ = false;
  } else if (!has_book_) {
    has_book_ = book_gapped_ = true;
  } else if (!book_gapped_ && sequence != book_sequence_ + 1) {
    book_gapped_ = true;
    ++gaps_;
  }
  book_sequence_ = sequence;
}

// -- time ---------------------------------------------------------------------

void feed::step(utc_time now, effects& out) {
  if (auto done = bars_.advance(now))
    closed_.push_back(*done);
  finish_batch(now, out);
}

// -- effects ------------------------------------------------------------------

void feed::finish_batch(utc_time now, effects& out) {
  if (auto next = verdict(now); next != status_)
    judge(next, now, out);
  for (const auto& value : closed_)
    keep(value);
  if (status_ == feed_status::live) {
    tell_mark(out);
    tell_quote(out);
  }
  tell_bars(out);
}

feed_status feed::verdict(utc_time now) const noexcept {
  if (last_event_.ns == 0)
    return feed_status::starting;
  if (now - last_event_ > settings_.stale_after + bar_length_)
    return feed_status::stale;
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

void feed::judge(feed_status verdict, utc_time now, effects& out) {
  auto previous = status_;
  status_ = verdict;
  if (verdict != feed_status::live) {
    told_mark_ = {};
    told_quote_ = {};
  }
  auto age = std::max(now - last_event_, timespan{0});
  out.tell(feed_health{symbol_, now, verdict, previous, age, gaps_, events_});
}

price feed::current_mark() const noexcept {
  if (venue_mark_.ticks != 0)
    return venue_mark_;
  auto bid = book_.best(side::buy);
  auto ask = book_.best(side::sell);
  if (bid && ask)
    return in_group_ ? told_mark_
                     : price{std::midpoint(bid->px.ticks, ask->px.ticks)};
  return closed_.empty() ? told_mark_ : closed_.back().close;
}

void feed::tell_mark(effects& out) {
  auto mark = current_mark();
  if (mark == told_mark_)
    return;
  told_mark_ = mark;
  // A bar may close without an event, when its time is over.
  auto time = closed_.empty()
                ? venue_time_
                : std::max(venue_time_, closed_.back().close_time);
  out.tell(mark_updated{symbol_, time, mark});
}

void feed::tell_quote(effects& out) {
  auto bid = book_.best(side::buy);
  auto ask = book_.best(side::sell);
  if (in_group_ || !bid || !ask)
    return;
  auto next = quote{symbol_, told_quote_.time, bid->px,
                    ask->px, bid->qty,         ask->qty};
  if (next == told_quote_)
    return;
  next.time = venue_time_;
  told_quote_ = next;
  out.tell(next);
}

void feed::tell_bars(effects& out) {
  for (const auto& value : closed_)
    out.tell(bar_closed{symbol_, value});
  closed_.clear();
}

// -- history ------------------------------------------------------------------

void feed::restore(const std::vector<bar>& bars) {
  for (const auto& value : bars)
    keep(value);
}

std::vector<bar> feed::history() const {
  auto first
    = static_cast<ptrdiff_t>(history_.size() < settings_.history ? 0 : oldest_);
  std::vector<bar> result(history_.begin() + first, history_.end());
  result.insert(result.end(), history_.begin(), history_.begin() + first);
  return result;
}

} // namespace qalpha
