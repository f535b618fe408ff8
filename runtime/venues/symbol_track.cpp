#include "runtime/venues/symbol_track.hpp"

#include <algorithm>

namespace qalpha {

symbol_track::symbol_track(symbol_track_settings settings)
  : settings_(settings), book_(settings.book), trades_(settings.trades) {
  // nop
}

// -- the book -----------------------------------------------------------------

void symbol_track::step(const depth_update& update, events& out) {
  book_.step(update, held_);
  flush_book(out);
}

void symbol_track::step(const depth_snapshot& snapshot, events& out) {
  book_.step(snapshot, held_);
  flush_book(out);
}

void symbol_track::ready(bool all, utc_time now, events& out) {
  if (ready_ && !all)
    interrupt(now, out);
  ready_ = all;
  flush_book(out);
}

void symbol_track::interrupt(utc_time now, events& out) {
  book_.interrupt(now, held_);
  flush_book(out);
}

bool symbol_track::wants_snapshot() const noexcept {
  return ready_ && book_.needs_snapshot();
}

// While the other streams are silent the events wait, beginning with the last
// reset. Interruptions are never held back.
void symbol_track::flush_book(events& out) {
  if (ready_) {
    out.insert(out.end(), held_.begin(), held_.end());
    held_.clear();
    return;
  }
  auto cut = std::find_if(held_.rbegin(), held_.rend(), [](auto& x) {
    return x.kind == market_event_kind::interrupted;
  });
  if (cut != held_.rend()) {
    out.push_back(*cut);
    held_.erase(held_.begin(), cut.base());
  }
  if (held_.size() <= settings_.most_held)
    return;
  auto time = held_.back().time;
  held_.clear();
  book_.interrupt(time, held_);
  held_.clear();
}

// -- trades and marks ---------------------------------------------------------

void symbol_track::step(const public_trade& trade, events& out) {
  auto lost = trades_.counts().lost;
  trades_.step(trade, passed_);
  if (trades_.counts().lost != lost)
    interrupt(trade.sent, out);
  flush_trades(out);
}

void symbol_track::backfill(const std::vector<public_trade>& page,
                            events& out) {
  trades_.backfill(page, passed_);
  flush_trades(out);
}

void symbol_track::give_up_trades(utc_time now, events& out) {
  interrupt(now, out);
  trades_.give_up(passed_);
  flush_trades(out);
}

void symbol_track::flush_trades(events& out) {
  for (auto& x : passed_)
    out.push_back({.time = x.time,
                   .sequence = x.id,
                   .px = x.px,
                   .qty = x.qty,
                   .kind = market_event_kind::trade,
                   .aggressor = x.aggressor});
  passed_.clear();
}

void symbol_track::step(const mark_state& mark, events& out) {
  if (mark.time < mark_.time || mark == mark_) {
    ++stale_marks_;
    return;
  }
  // What a message leaves out is unchanged, and needs no event.
  auto funding = mark.funding_rate_e8 != 0 || mark.next_funding.ns != 0;
  auto next = mark.next_funding.ns != 0 ? mark.next_funding
                                        : mark_.next_funding;
  mark_ = mark;
  mark_.next_funding = next;
  if (mark.mark.ticks > 0)
    out.push_back({.time = mark.time,
                   .px = mark.mark,
                   .kind = market_event_kind::mark_price});
  if (mark.index.ticks > 0)
    out.push_back({.time = mark.time,
                   .px = mark.index,
                   .kind = market_event_kind::index_price});
  if (funding && next.ns > 0)
    out.push_back({.time = mark.time,
                   .sequence = static_cast<uint64_t>(next.ns),
                   .kind = market_event_kind::funding,
                   .rate_e8 = mark.funding_rate_e8});
}

// Answers are on their way longer than what streams bring: in the order of the
// events it is as late as it comes.
void symbol_track::step(const open_contracts& open, events& out) {
  out.push_back({.time = std::max(open.time, mark_.time),
                 .qty = open.qty,
                 .kind = market_event_kind::open_interest});
}

} // namespace qalpha
