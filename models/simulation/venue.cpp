#include "models/simulation/venue.hpp"

#include <algorithm>
#include <utility>

namespace qalpha {

namespace {

bool is_query(const venue_command& command) {
  return std::holds_alternative<query_order>(command.what);
}

order_event event_for(order_status status) {
  switch (status) {
    case order_status::filled:
      return order_event::completed;
    case order_status::cancelled:
      return order_event::cancelled;
    case order_status::rejected:
      return order_event::rejected;
    default:
      return order_event::accepted;
  }
}

} // namespace

simulated_venue::simulated_venue(const universe& instruments,
                                 venue_settings settings, money start)
  : instruments_(&instruments), settings_(settings),
    pulses_(instruments.size()), lanes_(instruments.size()) {
  account_.cash = start;
  account_.positions.resize(instruments.size());
  for (auto& rules : instruments)
    lanes_[rules.id().index].symbol = rules.id();
}

// -- commands on their way ----------------------------------------------------

template <class Command>
void simulated_venue::send(const order_id& id, const Command& command,
                           effects& out) {
  auto arrival = command.time + settings_.order_latency;
  auto receipt = receipts_++;
  if (id.symbol.index >= lanes_.size()) {
    auto is_order = std::is_same_v<Command, order_intent>;
    out.tell(order_report{
      id, is_order ? order_event::rejected : order_event::absent, arrival,
      is_order ? "the venue does not list this instrument" : ""});
    return;
  }
  auto& pending = lanes_[id.symbol.index].pending;
  auto behind = std::upper_bound(
    pending.begin(), pending.end(), arrival,
    [](utc_time t, const venue_command& x) { return t < x.arrival; });
  pending.insert(behind, venue_command{arrival, receipt, command});
  pulses_[id.symbol.index].quiet_until_ns = venue_pulse{}.quiet_until_ns;
  ++in_flight_;
}

void simulated_venue::step(const order_intent& command, effects& out) {
  send(command.right.id, command, out);
}

void simulated_venue::step(const cancel_order& command, effects& out) {
  send(command.id, command, out);
}

void simulated_venue::step(const query_order& command, effects& out) {
  send(command.id, command, out);
}

void simulated_venue::carry_out_all(utc_time now, effects& out) {
  horizon_ = receipts_;
  for (auto& lane : lanes_) {
    if (lane.pending.empty())
      continue;
    carry_out(lane, now, nullptr, out);
    end_step(lane);
  }
}

// Told effects may add commands, so nothing here holds on to an iterator.
void simulated_venue::carry_out(venue_lane& lane, utc_time until,
                                const bar* opening, effects& out) {
  for (size_t i = 0; i < lane.pending.size();) {
    auto& next = lane.pending[i];
    // The close of a bar belongs to the next one.
    if (opening != nullptr ? next.arrival >= until : next.arrival > until)
      return;
    if (next.receipt >= horizon_ || (lane.waiting && !is_query(next))) {
      ++i;
      continue;
    }
    auto command = std::move(next);
    lane.pending.erase(lane.pending.begin() + static_cast<ptrdiff_t>(i));
    --in_flight_;
    if (lane.has_book)
      cross_boundaries(lane, command.arrival);
    perform(lane, command, opening, out);
  }
}

void simulated_venue::perform(venue_lane& lane, const venue_command& command,
                              const bar* opening, effects& out) {
  if (auto order = std::get_if<order_intent>(&command.what))
    place(lane, *order, command.arrival, opening, out);
  else if (auto revoked = std::get_if<cancel_order>(&command.what))
    cancel(lane, *revoked, command.arrival, out);
  else
    answer(std::get<query_order>(command.what), command.arrival, out);
}

// -- commands that have arrived -----------------------------------------------

void simulated_venue::place(venue_lane& lane, const order_intent& command,
                            utc_time arrival, const bar* opening,
                            effects& out) {
  auto& id = command.right.id;
  auto older = order_id{id.node, id.symbol, id.epoch, 0};
  auto dropped = forgotten_.find(older);
  // A repeated id is a retry: it is told what became of the order. Rejecting it
  // would declare a live order dead.
  if (find(id) != nullptr
      || (dropped != forgotten_.end() && id.sequence <= dropped->second)) {
    tell_status(id, arrival, out);
    return;
  }
  auto& entry = lane.open.emplace_back();
  entry.order.intent = command;
  entry.order.arrival = arrival;
  if (auto rule = broken_rule(lane, command); !rule.empty()) {
    finish(entry.order, order_event::rejected, arrival, std::move(rule), out);
    return;
  }
  entry.order.status = order_status::live;
  out.tell(order_report{id, order_event::accepted, arrival, ""});
  meet(lane, entry, arrival, opening, out);
}

std::string simulated_venue::broken_rule(const venue_lane& lane,
                                         const order_intent& command) const {
  auto& right = command.right;
  auto& listed = (*instruments_)[lane.symbol.index];
  auto& rules = listed.rules();
  if (right.size.lots <= 0)
    return "quantity must be positive";
  if (rules.max_order.lots > 0 && right.size > rules.max_order)
    return "quantity must not exceed the largest order";
  if (command.kind != order_kind::market) {
    if (command.limit.ticks <= 0)
      return "price must be positive";
    if (command.limit < right.low || command.limit > right.high)
      return "price must be inside of the permit's band";
  }
  if (right.reduce_only)
    return reducible(lane, right.direction).lots > 0
             ? ""
             : "reduce only: there is no position to reduce";
  auto mark = pulses_[lane.symbol.index].mark;
  auto at_mark = command.kind == order_kind::market && mark.ticks > 0;
  auto reference = at_mark ? mark : command.limit;
  if (reference.ticks > 0
      && listed.value(reference, right.size) < rules.min_notional)
    return "value must reach the minimum of an order";
  return "";
}

void simulated_venue::cancel(venue_lane& lane, const cancel_order& command,
                             utc_time arrival, effects& out) {
  for (auto& entry : lane.open) {
    if (entry.order.id() == command.id && is_open(entry.order.status)) {
      finish(entry.order, order_event::cancelled, arrival, "", out);
      return;
    }
  }
  tell_status(command.id, arrival, out);
}

void simulated_venue::answer(const query_order& command, utc_time arrival,
                             effects& out) {
  if (auto order = find(command.id))
    for (auto& fact : order->fills)
      out.tell(fact);
  tell_status(command.id, arrival, out);
}

void simulated_venue::tell_status(const order_id& id, utc_time time,
                                  effects& out) {
  if (auto order = find(id)) {
    out.tell(order_report{id, event_for(order->status), time, order->reason});
    return;
  }
  auto older = forgotten_.find(order_id{id.node, id.symbol, id.epoch, 0});
  if (older != forgotten_.end() && id.sequence <= older->second)
    out.tell(order_report{id, order_event::lost, time,
                          "the order ended too long ago to be known"});
  else
    out.tell(order_report{id, order_event::absent, time, ""});
}

// -- orders meet the market ---------------------------------------------------

void simulated_venue::meet(venue_lane& lane, lane_order& entry, utc_time now,
                           const bar* opening, effects& out) {
  lane.waiting = lane.has_book ? !lane.consistent : opening == nullptr;
  if (lane.waiting)
    return;
  if (fillable(lane, entry.order).lots == 0)
    finish(entry.order, order_event::cancelled, now,
           "reduce only: there is no position left to reduce", out);
  else if (lane.has_book)
    meet_book(lane, entry, now, out);
  else
    meet_open(lane, entry, *opening, std::max(now, opening->open_time), out);
}

void simulated_venue::retry_waiting(venue_lane& lane, utc_time now,
                                    const bar* opening, effects& out) {
  if (!lane.waiting)
    return;
  auto& entry = lane.open.back();
  // Accepted at the very close of this bar: the next one is its first.
  if (opening != nullptr && entry.order.arrival >= opening->close_time)
    return;
  meet(lane, entry, std::max(now, entry.order.arrival), opening, out);
}

} // namespace qalpha
