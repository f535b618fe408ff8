// Matching on trades and order books.

#include "models/simulation/venue.hpp"

#include <algorithm>

namespace qalpha {

namespace {

// How far `px` lies on our side of `limit`, in ticks; positive if a trade there
// would be better than the limit of an order in `direction`.
int64_t beyond(side direction, price limit, price px) {
  return sign(direction) * (limit.ticks - px.ticks);
}

// Worse than the order accepts, even if the permit would allow it.
bool too_far(const order_intent& intent, price px) {
  if (intent.kind == order_kind::market && intent.limit.ticks == 0)
    return false;
  return beyond(intent.right.direction, intent.limit, px) < 0;
}

bool valid(const market_event& event) {
  return event.px.ticks > 0 && event.qty.lots >= 0;
}

} // namespace

void simulated_venue::step(const market_batch& market, effects& out) {
  auto& lane = lanes_[market.symbol.index];
  horizon_ = receipts_;
  for (auto& event : market.events) {
    if (!lane.pending.empty())
      carry_out(lane, event.time, nullptr, out);
    if (event.time >= lane.next_funding)
      cross_boundaries(lane, event.time);
    apply(lane, event, out);
  }
  end_step(lane);
}

void simulated_venue::apply(venue_lane& lane, const market_event& event,
                            effects& out) {
  auto& mark = pulses_[lane.symbol.index].mark;
  switch (event.kind) {
    case market_event_kind::trade:
      if (!valid(event))
        return;
      if (!lane.has_mark) {
        mark = event.px;
        pay_funding(lane, mark, out);
      }
      match_trade(lane, event, out);
      return;
    case market_event_kind::book_reset:
      lane.levels.clear();
      lane.consistent = false;
      return;
    case market_event_kind::bid_level:
    case market_event_kind::ask_level:
      if (!valid(event))
        return;
      lane.consistent = false;
      lane.levels.set(event.kind == market_event_kind::bid_level ? side::buy
                                                                 : side::sell,
                      event.px, event.qty);
      return;
    case market_event_kind::book_complete:
      lane.has_book = true;
      lane.consistent = true;
      match_book(lane, event.time, out);
      retry_waiting(lane, event.time, nullptr, out);
      return;
    case market_event_kind::index_price:
    case market_event_kind::funding:
    case market_event_kind::reference_price:
    case market_event_kind::open_interest:
      return;
    case market_event_kind::interrupted:
      // Nothing is matched on a book that may have missed changes.
      lane.levels.clear();
      lane.consistent = false;
      return;
    case market_event_kind::mark_price:
      if (event.px.ticks <= 0)
        return;
      lane.has_mark = true;
      mark = event.px;
      pay_funding(lane, mark, out);
      return;
  }
}

// -- takers -------------------------------------------------------------------

void simulated_venue::meet_book(venue_lane& lane, lane_order& entry,
                                utc_time now, effects& out) {
  auto& order = entry.order;
  auto& intent = order.intent;
  auto best = lane.levels.best(opposite(order.direction()));
  auto crosses = best && !too_far(intent, best->px);
  if (crosses && intent.kind == order_kind::post_only) {
    finish(order, order_event::rejected, now, "post only: the order would take",
           out);
    return;
  }
  if (crosses)
    walk_book(lane, entry, now, out);
  if (!is_open(order.status))
    return;
  if (intent.kind == order_kind::market) {
    finish(order, order_event::cancelled, now,
           "no more quantity within the permitted prices", out);
    return;
  }
  entry.shadowed = crosses;
  order.queue_ahead = lane.levels.at(order.direction(), intent.limit);
}

void simulated_venue::walk_book(venue_lane& lane, lane_order& entry,
                                utc_time now, effects& out) {
  auto& order = entry.order;
  auto& intent = order.intent;
  auto against = opposite(order.direction());
  for (auto& level : lane.levels.top(against, lane.levels.depth(against))) {
    if (!is_open(order.status) || too_far(intent, level.px))
      return;
    if (level.px < intent.right.low || level.px > intent.right.high) {
      finish(order, order_event::cancelled, now,
             "the market is outside of the permitted prices", out);
      return;
    }
    auto size = std::min(level.qty, fillable(lane, order));
    execute(lane, entry, level.px, size, false, now, out);
  }
}

// -- resting orders -----------------------------------------------------------

void simulated_venue::match_trade(venue_lane& lane, const market_event& trade,
                                  effects& out) {
  // What earlier orders of ours took of this trade is gone for later ones.
  int64_t taken = 0;
  auto last = lane.open.size() - (lane.waiting ? 1 : 0);
  for (size_t i = 0; i < last; ++i) {
    auto& entry = lane.open[i];
    auto& order = entry.order;
    if (!is_open(order.status) || order.intent.kind == order_kind::market)
      continue;
    auto depth = beyond(order.direction(), order.intent.limit, trade.px);
    auto against_us = trade.aggressor == opposite(order.direction());
    auto exchanged = fillable(lane, order).lots;
    if (depth < 0 || (!against_us && (depth == 0 || entry.shadowed)))
      continue;
    if (depth == 0 || entry.shadowed) {
      auto left = std::max<int64_t>(0, trade.qty.lots - taken);
      auto queue = std::min(order.queue_ahead.lots, left);
      order.queue_ahead.lots -= queue;
      exchanged = std::min(exchanged, left - queue);
      taken += exchanged;
    }
    if (exchanged > 0)
      execute(lane, entry, order.intent.limit, {exchanged}, true, trade.time,
              out);
  }
}

void simulated_venue::match_book(venue_lane& lane, utc_time now, effects& out) {
  auto last = lane.open.size() - (lane.waiting ? 1 : 0);
  for (size_t i = 0; i < last; ++i) {
    auto& entry = lane.open[i];
    auto& order = entry.order;
    if (!is_open(order.status))
      continue;
    if (order.intent.kind == order_kind::market) {
      // It waited for the volume of bars before the symbol had a book.
      meet_book(lane, entry, now, out);
      continue;
    }
    auto limit = order.intent.limit;
    order.queue_ahead = std::min(order.queue_ahead,
                                 lane.levels.at(order.direction(), limit));
    auto best = lane.levels.best(opposite(order.direction()));
    auto crosses = best && beyond(order.direction(), limit, best->px) >= 0;
    auto size = fillable(lane, order);
    if (crosses && !entry.shadowed && size.lots > 0)
      execute(lane, entry, limit, size, true, now, out);
    entry.shadowed = entry.shadowed && crosses;
  }
}

} // namespace qalpha
