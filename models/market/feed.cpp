#include "models/market/feed.hpp"

#include <algorithm>
#include <numeric>

namespace qalpha {

namespace {

/// Streams of one venue are not in step with each other; further back than this
/// is not lateness but a broken clock or a replayed message.
constexpr timespan largest_step_back = std::chrono::seconds{1};

/// No clocks that work differ so much. One time of the far future would make
/// everything after it look late.
constexpr timespan largest_step_ahead = std::chrono::minutes{1};

bool is_level(market_event_kind kind) noexcept {
  return kind == market_event_kind::bid_level
         || kind == market_event_kind::ask_level;
}

bool is_book(market_event_kind kind) noexcept {
  return is_level(kind) || kind == market_event_kind::book_reset
         || kind == market_event_kind::book_complete;
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
  around_.reach(batch.received);
  auto newest = utc_time{};
  for (const auto& event : batch.events) {
    ++events_;
    // What it was told about this venue is neither life nor time of it.
    if (event.kind == market_event_kind::reference_price) {
      rejected_ += reference_.take(event, batch.received) ? 0 : 1;
    } else if (event.kind == market_event_kind::interrupted) {
      // In doubt about its time there is no doubt that messages are missing.
      spoil(true);
    } else if (acceptable(event, batch.received)) {
      newest = std::max(newest, event.time);
      take(event, batch.received);
    } else {
      ++rejected_;
      // Without this change the book is no longer what the venue has.
      if (is_level(event.kind))
        spoil(false);
      else if (event.kind == market_event_kind::trade)
        around_.lose_trades();
    }
  }
  // A source without a clock of its own is as far as its events.
  auto now = batch.received.ns > 0 ? batch.received : venue_time_;
  if (newest.ns > 0) {
    // Nobody may have looked meanwhile, as when the process was stopped.
    if (silent(now)) {
      live_since_ = now;
      around_.doubt(feed_status::stale);
    }
    last_event_ = std::max(last_event_, now);
    lag_ = now - newest;
  }
  finish_batch(now, out);
}

bool feed::acceptable(const market_event& event,
                      utc_time received) const noexcept {
  if (event.qty.lots < 0 || (has_price(event.kind) && event.px.ticks <= 0))
    return false;
  if (event.time.ns <= 0
      || (received.ns > 0 && event.time > received + largest_step_ahead))
    return false;
  // A snapshot is as old as it is and still the remedy for a gap.
  auto exempt = event.kind == market_event_kind::book_reset
                || (catching_up_ && is_book(event.kind));
  // Trades that are fetched after an outage come late, and so do changes of a
  // book on a connection that lags; but each in their own order.
  auto newest = event.kind == market_event_kind::trade ? trade_time_
                : is_book(event.kind)                  ? book_time_
                                                       : venue_time_;
  if (newest.ns == 0)
    newest = venue_time_;
  return exempt || event.time >= newest - largest_step_back;
}

void feed::take(const market_event& event, utc_time now) {
  around_.reach(event.time);
  if (is_book(event.kind)) {
    book_event_ = std::max(book_event_, now.ns > 0 ? now : event.time);
    auto late = event.time < venue_time_ - largest_step_back;
    if (!in_snapshot_ && !late)
      catching_up_ = false;
    // A snapshot is not late, however old, and what follows has to catch up.
    book_late_ = late && !catching_up_
                 && event.kind != market_event_kind::book_reset;
    book_time_ = std::max(book_time_, event.time);
  }
  venue_time_ = std::max(venue_time_, event.time);
  if (event.kind == market_event_kind::trade)
    trade_time_ = std::max(trade_time_, event.time);
  // Marks take the way of the trades: what is behind one is known.
  if (event.kind == market_event_kind::trade
      || event.kind == market_event_kind::mark_price)
    told_until_ = std::max(told_until_, event.time);
  apply(event);
}

void feed::spoil(bool interrupted) {
  has_book_ = book_gapped_ = true;
  around_.lose_book();
  if (!interrupted)
    return;
  around_.lose_trades();
  book_interrupted_ = true;
  in_snapshot_ = in_group_ = book_late_ = false;
  book_.clear();
}

void feed::apply(const market_event& event) {
  switch (event.kind) {
    case market_event_kind::trade:
      add_trade(event);
      break;
    case market_event_kind::book_reset:
      start_snapshot();
      break;
    case market_event_kind::bid_level:
      apply_level(event, side::buy);
      break;
    case market_event_kind::ask_level:
      apply_level(event, side::sell);
      break;
    case market_event_kind::book_complete:
      complete_group(event);
      break;
    case market_event_kind::mark_price:
      venue_mark_ = event.px;
      around_.take(event);
      break;
    case market_event_kind::index_price:
    case market_event_kind::funding:
    case market_event_kind::open_interest:
      around_.take(event);
      break;
    case market_event_kind::interrupted:
    case market_event_kind::reference_price:
      break; // Taken before.
  }
}

void feed::start_snapshot() {
  book_.clear();
  around_.lose_book();
  has_book_ = in_snapshot_ = catching_up_ = true;
  book_time_ = {};
  // What was rejected so far is void as well.
  book_gapped_ = book_interrupted_ = false;
}

void feed::add_trade(const market_event& event) {
  if (auto done = bars_.add(event.time, event.px, event.qty))
    closed_.push_back({*done, around_.close()});
  around_.add_trade(event);
}

void feed::apply_level(const market_event& event, side which) {
  // Changes of a book whose snapshot has not come yet.
  if (!has_book_)
    has_book_ = book_gapped_ = true;
  in_group_ = true;
  book_.set(which, event.px, event.qty);
}

void feed::complete_group(const market_event& event) {
  in_group_ = false;
  if (in_snapshot_) {
    in_snapshot_ = false;
  } else if (!has_book_) {
    has_book_ = book_gapped_ = true;
  } else if (!book_gapped_
             && event.sequence != book_sequence_ + event.merged + 1) {
    book_gapped_ = true;
    ++gaps_;
  }
  book_sequence_ = event.sequence;
  // Several groups in one have another flow than one after the other.
  if (book_gapped_ || event.merged > 0)
    around_.lose_book();
  if (!book_gapped_)
    around_.take_book(book_, event.time);
}

// -- time ---------------------------------------------------------------------

void feed::step(utc_time now, effects& out) {
  around_.reach(now);
  if (auto done = bars_.advance(now))
    closed_.push_back({*done, around_.close()});
  if (status_ == feed_status::live)
    while (auto rest = bars_.quiet(live_since_, std::min(now, told_until_)))
      closed_.push_back({*rest, around_.close_quiet()});
  finish_batch(now, out);
}

// -- effects ------------------------------------------------------------------

void feed::finish_batch(utc_time now, effects& out) {
  if (auto next = verdict(now); next != status_)
    judge(next, now, out);
  settle_bars(now);
  if (status_ == feed_status::live) {
    tell_mark(out);
    tell_quote(out);
  }
  tell_bars(out);
  want_book(now, out);
}

// Only who sends the book knows whether it is being mended already, so this
// asks whatever the reason; but silence is no wrong book.
void feed::want_book(utc_time now, effects& out) {
  auto wrong = status_ == feed_status::gapped || status_ == feed_status::crossed
               || status_ == feed_status::interrupted;
  if (!wrong) {
    wrong_since_ = {};
    return;
  }
  if (wrong_since_.ns == 0)
    wrong_since_ = now;
  if (now - wrong_since_ < settings_.resync_after
      || (wanted_.ns > 0 && now - wanted_ < settings_.resync_again))
    return;
  wanted_ = now;
  out.tell(book_wanted{symbol_, now});
}

price feed::current_mark() const noexcept {
  if (venue_mark_.ticks != 0)
    return venue_mark_;
  auto bid = book_.best(side::buy);
  auto ask = book_.best(side::sell);
  if (bid && ask)
    return in_group_ ? told_mark_
                     : price{std::midpoint(bid->px.ticks, ask->px.ticks)};
  return closed_.empty() ? told_mark_ : closed_.back().value.close;
}

void feed::tell_mark(effects& out) {
  auto mark = current_mark();
  if (mark == told_mark_)
    return;
  told_mark_ = mark;
  // A bar may close without an event, when its time is over.
  auto time = closed_.empty()
                ? venue_time_
                : std::max(venue_time_, closed_.back().value.close_time);
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

// Only now it is known whether the feed was live.
void feed::settle_bars(utc_time now) {
  around_.doubt(status_);
  if (silent(now))
    around_.forget_prices();
  auto reference = reference_.at(now, settings_.stale_after);
  for (auto& [value, around] : closed_) {
    if (reference)
      around.reference = *reference;
    around_.settle(value, around);
    keep({value, around});
  }
}

void feed::tell_bars(effects& out) {
  for (const auto& [value, around] : closed_) {
    out.tell(bar_context_known{symbol_, value.close_time, around});
    out.tell(bar_closed{symbol_, value});
  }
  closed_.clear();
}

// -- history ------------------------------------------------------------------

void feed::restore(const std::vector<bar>& bars) {
  for (const auto& value : bars)
    keep({value, nothing_known});
}

std::vector<bar> feed::history() const {
  return kept(&closed_bar::value);
}

std::vector<bar_context> feed::contexts() const {
  return kept(&closed_bar::around);
}

template <class T>
std::vector<T> feed::kept(T closed_bar::*part) const {
  auto count = history_.size();
  auto first = count < settings_.history ? 0 : oldest_;
  std::vector<T> result;
  result.reserve(count);
  for (size_t i = 0; i < count; ++i)
    result.push_back(history_[(first + i) % count].*part);
  return result;
}

} // namespace qalpha
