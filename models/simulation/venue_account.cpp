// The books of the venue: cash, positions, funding, and what it remembers.

#include "models/simulation/venue.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace qalpha {

// -- views --------------------------------------------------------------------

money simulated_venue::equity() const {
  auto result = account_.cash;
  for (size_t i = 0; i < pulses_.size(); ++i)
    if (account_.positions[i].lots != 0)
      result += (*instruments_)[i].value(pulses_[i].mark,
                                         account_.positions[i]);
  return result;
}

std::vector<venue_order> simulated_venue::open_orders() const {
  std::vector<venue_order> result;
  for (auto& lane : lanes_)
    for (auto& entry : lane.open)
      if (is_open(entry.order.status))
        result.push_back(entry.order);
  std::sort(
    result.begin(), result.end(),
    [](const venue_order& a, const venue_order& b) { return a.id() < b.id(); });
  return result;
}

const venue_order* simulated_venue::find(const order_id& id) const {
  if (id.symbol.index >= lanes_.size())
    return nullptr;
  for (auto& entry : lanes_[id.symbol.index].open)
    if (entry.order.id() == id)
      return &entry.order;
  auto ended = finished_.find(id);
  return ended != finished_.end() ? &ended->second : nullptr;
}

// -- fills --------------------------------------------------------------------

quantity simulated_venue::reducible(const venue_lane& lane,
                                    side direction) const {
  auto held = account_.positions[lane.symbol.index].lots;
  return {std::max<int64_t>(0, -sign(direction) * held)};
}

quantity simulated_venue::fillable(const venue_lane& lane,
                                   const venue_order& order) const {
  if (!order.intent.right.reduce_only)
    return order.remaining();
  return std::min(order.remaining(), reducible(lane, order.direction()));
}

void simulated_venue::execute(venue_lane& lane, lane_order& entry, price px,
                              quantity size, bool maker, utc_time time,
                              effects& out) {
  auto index = lane.symbol.index;
  auto& order = entry.order;
  auto direction = order.direction();
  auto value = (*instruments_)[index].value(px, size);
  auto fee = cost_of(value, maker ? settings_.maker_fee : settings_.taker_fee);
  account_.cash -= direction == side::buy ? value : -value;
  account_.cash -= fee;
  account_.fees += fee;
  account_.positions[index] += quantity{sign(direction) * size.lots};
  order.filled += size;
  entry.in_bar += size;
  if (order.remaining().lots == 0)
    order.status = order_status::filled;
  if (pulses_[index].mark.ticks == 0)
    pulses_[index].mark = px;
  order.fills.push_back(fill{order.id(), ++account_.executions, direction, px,
                             size, fee, maker, time});
  out.tell(order.fills.back());
  drop_useless(lane, time, out);
}

void simulated_venue::finish(venue_order& order, order_event event,
                             utc_time time, std::string reason, effects& out) {
  order.status = event == order_event::rejected ? order_status::rejected
                                                : order_status::cancelled;
  order.reason = std::move(reason);
  out.tell(order_report{order.id(), event, time, order.reason});
}

// Ends reduce-only orders that have nothing left to reduce.
void simulated_venue::drop_useless(venue_lane& lane, utc_time time,
                                   effects& out) {
  auto last = lane.open.size() - (lane.waiting ? 1 : 0);
  for (size_t i = 0; i < last; ++i) {
    auto& order = lane.open[i].order;
    if (is_open(order.status) && fillable(lane, order).lots == 0)
      finish(order, order_event::cancelled, time,
             "reduce only: there is no position left to reduce", out);
  }
}

// -- memory -------------------------------------------------------------------

void simulated_venue::file_away(venue_lane& lane) {
  for (auto& entry : lane.open)
    if (!is_open(entry.order.status))
      keep(std::move(entry.order));
  std::erase_if(lane.open, [](const lane_order& entry) {
    return !is_open(entry.order.status);
  });
}

void simulated_venue::keep(venue_order order) {
  auto id = order.id();
  finished_.emplace(id, std::move(order));
  finished_order_.push_back(id);
  if (finished_order_.size() <= max_finished)
    return;
  auto oldest = finished_order_.front();
  finished_order_.pop_front();
  finished_.erase(oldest);
  auto& highest = forgotten_[{oldest.node, oldest.symbol, oldest.epoch, 0}];
  highest = std::max(highest, oldest.sequence);
}

void simulated_venue::end_step(venue_lane& lane) {
  if (!lane.open.empty())
    file_away(lane);
  auto busy = !lane.pending.empty() || !lane.open.empty() || lane.has_book;
  pulses_[lane.symbol.index].quiet_until_ns
    = busy ? venue_pulse{}.quiet_until_ns : lane.next_funding.ns;
}

// -- funding ------------------------------------------------------------------

void simulated_venue::cross_boundaries(venue_lane& lane, utc_time now) {
  auto interval = settings_.funding_interval;
  if (interval.count() <= 0 || settings_.funding_rate.e8 == 0) {
    lane.next_funding.ns = std::numeric_limits<int64_t>::max();
    return;
  }
  if (lane.next_funding.ns == 0) {
    lane.next_funding = now - timespan{now.ns % interval.count()} + interval;
    return;
  }
  for (; lane.next_funding <= now;
       lane.next_funding = lane.next_funding + interval) {
    auto held = account_.positions[lane.symbol.index];
    if (held.lots != 0)
      lane.owed.push_back({lane.next_funding, held});
  }
}

void simulated_venue::pay_funding(venue_lane& lane, price mark, effects& out) {
  // Told effects cannot add to `owed`, but the list must be empty when the
  // account is seen by them.
  auto owed = std::exchange(lane.owed, {});
  for (auto& due : owed) {
    auto value = (*instruments_)[lane.symbol.index].value(mark, due.held);
    auto paid = cost_of(value, settings_.funding_rate);
    account_.cash -= paid;
    account_.funding += paid;
    out.tell(
      funding_payment{lane.symbol, due.boundary, paid, settings_.funding_rate});
  }
}

} // namespace qalpha
