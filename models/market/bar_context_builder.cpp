#include "models/market/bar_context_builder.hpp"

#include "models/market/queue_flow.hpp"

namespace qalpha {

namespace {

/// Prices beyond it are none: twice of them has to be a number.
constexpr int64_t highest_ticks = int64_t{1} << 60;

/// As `highest_ticks`, for what waits at the best levels of a side.
constexpr int64_t most_lots = int64_t{1} << 60;

/// Adds a product.
/// @returns whether the sum is more than its type holds.
bool overflows(int64_t& sum, int64_t x, int64_t y) noexcept {
  int64_t product = 0;
  return __builtin_mul_overflow(x, y, &product)
         || __builtin_add_overflow(sum, product, &sum);
}

bool overflows(int64_t& sum, int64_t x) noexcept {
  return __builtin_add_overflow(sum, x, &sum);
}

template <class T>
maybe<T> to_maybe(const std::optional<T>& x) {
  return x ? maybe<T>{*x} : maybe<T>{};
}

} // namespace

// -- what the venue says ------------------------------------------------------

void bar_context_builder::add_trade(const market_event& trade) {
  auto lots = trade.qty.lots;
  inexact_ |= overflows(sums_.tick_lots, trade.px.ticks, lots);
  if (trade.rate_e8 != 0)
    lose_trades();
  sums_.count += int64_t{trade.merged} + 1;
  if (trade.aggressor == side::buy)
    inexact_ |= overflows(sums_.taker_bought.lots, lots);
  add_cost(trade);
}

void bar_context_builder::add_cost(const market_event& trade) {
  heard_ = std::max(heard_, trade.time);
  auto dropped = costs_.dropped();
  auto cost = trade.px.ticks < highest_ticks ? costs_.add_trade(
                heard_.ns, trade.aggressor, trade.px, trade.qty)
                                             : std::nullopt;
  if (!cost || overflows(effective_, *cost, trade.qty.lots)
      || dropped != costs_.dropped())
    costs_lost_until_ = now_;
}

void bar_context_builder::settle_costs(utc_time until) {
  costs_.settle(until.ns, [this](const trade_cost& x) {
    if (overflows(settled_.realised, x.realised, x.size.lots)
        || overflows(settled_.impact, x.impact, x.size.lots)
        || overflows(settled_.settled, x.px.ticks, x.size.lots))
      costs_lost_until_ = now_;
  });
}

void bar_context_builder::take(const market_event& event) noexcept {
  switch (event.kind) {
    case market_event_kind::mark_price:
      mark_ = event.px;
      break;
    case market_event_kind::index_price:
      index_ = event.px;
      break;
    case market_event_kind::funding:
      funding_ = {event.rate_e8, {static_cast<int64_t>(event.sequence)}};
      break;
    case market_event_kind::open_interest:
      open_interest_ = event.qty;
      interest_time_ = event.time;
      break;
    default:
      break;
  }
}

std::optional<bar_context_builder::both_queues>
bar_context_builder::queues_of(const book& levels) noexcept {
  both_queues result;
  std::array<book_level, flow_levels> room;
  auto copy = [&](side which, int64_t none, queues& to, int64_t& depth) {
    to.fill({none, 0});
    depth = 0;
    auto count = levels.copy_top(which, room);
    for (size_t i = 0; i < count; ++i) {
      to[i] = {room[i].px.ticks, room[i].qty.lots};
      if (overflows(depth, room[i].qty.lots) || depth > most_lots)
        return false;
    }
    return count > 0;
  };
  auto known = copy(side::buy, no_bid_ticks, result.bids, result.bid_depth)
               && copy(side::sell, no_ask_ticks, result.asks, result.ask_depth);
  if (!known || result.bids[0].ticks >= result.asks[0].ticks
      || result.asks[0].ticks >= highest_ticks)
    return std::nullopt;
  return result;
}

void bar_context_builder::take_book(const book& levels, utc_time time) {
  auto now = queues_of(levels);
  if (!now)
    return lose_book();
  if (queues_)
    add_flow(*now);
  else
    book_lost_until_ = now_;
  queues_ = now;
  heard_ = std::max(heard_, time);
  settle_costs(heard_);
  costs_.add_middle(heard_.ns, now->bids[0].ticks + now->asks[0].ticks,
                    [](const trade_cost&) {});
}

void bar_context_builder::add_flow(const both_queues& now) noexcept {
  for (size_t i = 0; i < flow_levels; ++i)
    inexact_flow_ |= overflows(flow_.lots[i],
                               flow_between(queues_->bids[i], queues_->asks[i],
                                            now.bids[i], now.asks[i]));
  inexact_flow_ |= overflows(flow_.depth, now.bid_depth)
                   || overflows(flow_.depth, now.ask_depth);
  ++flow_.changes;
}

void bar_context_builder::forget_prices() noexcept {
  lose_prices();
  mark_.reset();
  index_.reset();
  funding_.reset();
  open_interest_.reset();
}

void bar_context_builder::doubt(feed_status verdict) noexcept {
  if (verdict == feed_status::live)
    return;
  book_lost_until_ = now_;
  if (verdict == feed_status::gapped || verdict == feed_status::crossed)
    return;
  lose_trades();
  lose_prices();
}

// -- bars ---------------------------------------------------------------------

bar_context bar_context_builder::at_present() const noexcept {
  bar_context result;
  if (queues_) {
    const auto& [bids, asks, bid_depth, ask_depth] = *queues_;
    result.top = top_of_book{{bids[0].ticks}, {asks[0].ticks}, {bids[0].size},
                             {asks[0].size},  {bid_depth},     {ask_depth}};
    if (!inexact_flow_)
      result.flow = flow_;
    result.costs = settled_;
  }
  result.mark = to_maybe(mark_);
  result.index = to_maybe(index_);
  if (funding_)
    result.funding_rate_e8 = funding_->rate_e8;
  result.open_interest = to_maybe(open_interest_);
  return result;
}

bar_context bar_context_builder::close() {
  auto result = close_quiet();
  if (inexact_)
    result.trades = caf::none;
  else
    result.trades = sums_;
  if (result.costs)
    result.costs->effective = effective_;
  sums_ = {};
  effective_ = 0;
  inexact_ = false;
  return result;
}

bar_context bar_context_builder::close_quiet() {
  settle_costs(heard_);
  auto result = at_present();
  result.trades = trade_sums{};
  flow_ = {};
  inexact_flow_ = false;
  settled_ = {};
  return result;
}

void bar_context_builder::settle(const bar& of,
                                 bar_context& context) const noexcept {
  if (of.open_time <= trades_lost_until_)
    context.trades = caf::none;
  if (of.open_time <= book_lost_until_) {
    context.top = caf::none;
    context.flow = caf::none;
  }
  auto lost
    = std::max({trades_lost_until_, book_lost_until_, costs_lost_until_});
  if (of.open_time - cost_horizon <= lost)
    context.costs = caf::none;
  if (of.close_time <= prices_lost_until_) {
    context.mark = caf::none;
    context.index = caf::none;
    context.reference = caf::none;
    context.funding_rate_e8 = caf::none;
    context.open_interest = caf::none;
  }
  if (of.close_time - interest_time_ > longest_interest)
    context.open_interest = caf::none;
}

} // namespace qalpha
