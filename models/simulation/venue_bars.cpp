// Matching on bars.

#include "models/simulation/venue.hpp"

#include <algorithm>

namespace qalpha {

namespace {

// `px` moved against the taker by a share of itself, rounded up to a tick.
price slipped(price px, side direction, int64_t slippage_e8) {
  constexpr auto whole = money::scale;
  auto product = static_cast<__int128>(px.ticks) * slippage_e8;
  auto ticks = static_cast<int64_t>((product + whole - 1) / whole);
  return {std::max<int64_t>(1, px.ticks + sign(direction) * ticks)};
}

// Positive if `a` is better than `b` for somebody who trades in `direction`.
int64_t advantage(side direction, price a, price b) {
  return sign(direction) * (b.ticks - a.ticks);
}

bool is_market(const lane_order& entry) {
  return entry.order.intent.kind == order_kind::market;
}

} // namespace

void simulated_venue::match(const bar_closed& market, effects& out) {
  auto& lane = lanes_[market.symbol.index];
  auto& range = market.value;
  if (lane.has_book)
    return;
  horizon_ = receipts_;
  for (auto& entry : lane.open)
    entry.in_bar = {};
  cross_boundaries(lane, range.open_time);
  pay_funding(lane, range.open, out);
  retry_waiting(lane, range.open_time, &range, out);
  carry_out(lane, range.close_time, &range, out);
  match_resting(lane, range, out);
  pulses_[market.symbol.index].mark = range.close;
  end_step(lane);
}

void simulated_venue::meet_open(venue_lane& lane, lane_order& entry,
                                const bar& opening, utc_time now,
                                effects& out) {
  auto& order = entry.order;
  auto crosses
    = is_market(entry)
      || advantage(order.direction(), opening.open, order.intent.limit) >= 0;
  if (!crosses)
    return;
  if (order.intent.kind == order_kind::post_only)
    finish(order, order_event::rejected, now, "post only: the order would take",
           out);
  else
    take_at_open(lane, entry, opening, now, out);
}

void simulated_venue::take_at_open(venue_lane& lane, lane_order& entry,
                                   const bar& opening, utc_time now,
                                   effects& out) {
  auto& order = entry.order;
  auto& intent = order.intent;
  auto direction = order.direction();
  auto px = slipped(opening.open, direction, settings_.bar_slippage_e8);
  auto too_far = intent.limit.ticks > 0
                 && advantage(direction, intent.limit, px) > 0;
  // Slippage does not carry a limit order beyond its limit.
  if (!is_market(entry) && too_far)
    px = intent.limit;
  if ((is_market(entry) && too_far) || px < intent.right.low
      || px > intent.right.high) {
    finish(order, order_event::cancelled, now,
           "the market is outside of the permitted prices", out);
    return;
  }
  auto size = share_of(opening, entry);
  size = std::min(size, fillable(lane, order));
  if (size.lots > 0)
    execute(lane, entry, px, size, false, now, out);
}

// Takers of earlier bars that wait for more volume come first: they trade at
// the open, the others some time later.
void simulated_venue::match_resting(venue_lane& lane, const bar& range,
                                    effects& out) {
  auto last = lane.open.size() - (lane.waiting ? 1 : 0);
  for (size_t i = 0; i < last; ++i) {
    auto& entry = lane.open[i];
    if (is_open(entry.order.status) && is_market(entry))
      take_at_open(lane, entry, range,
                   std::max(range.open_time, entry.order.arrival), out);
  }
  for (size_t i = 0; i < last; ++i) {
    auto& entry = lane.open[i];
    auto& order = entry.order;
    if (!is_open(order.status) || is_market(entry))
      continue;
    auto extreme = order.direction() == side::buy ? range.low : range.high;
    if (advantage(order.direction(), extreme, order.intent.limit) <= 0)
      continue;
    auto size = std::min(share_of(range, entry), fillable(lane, order));
    if (size.lots > 0)
      execute(lane, entry, order.intent.limit, size, true, range.close_time,
              out);
  }
}

// What the order may still take of the bar's volume.
quantity simulated_venue::share_of(const bar& range,
                                   const lane_order& entry) const {
  if (settings_.bar_volume_share_bps <= 0)
    return entry.order.remaining();
  auto share = static_cast<__int128>(range.volume.lots)
               * settings_.bar_volume_share_bps / 10'000;
  return quantity{static_cast<int64_t>(share)} - entry.in_bar;
}

} // namespace qalpha
