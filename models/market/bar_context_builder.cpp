#include "models/market/bar_context_builder.hpp"

namespace qalpha {

namespace {

/// Order flow between two books, as `flow_between` for books with both sides.
int64_t flow_of(const top_of_book& before, const top_of_book& now) noexcept {
  int64_t result = 0;
  if (now.bid >= before.bid)
    result += now.bid_size.lots;
  if (now.bid <= before.bid)
    result -= before.bid_size.lots;
  if (now.ask <= before.ask)
    result -= now.ask_size.lots;
  if (now.ask >= before.ask)
    result += before.ask_size.lots;
  return result;
}

template <class T>
maybe<T> to_maybe(const std::optional<T>& x) {
  return x ? maybe<T>{*x} : maybe<T>{};
}

} // namespace

// -- what the venue says ------------------------------------------------------

void bar_context_builder::add_trade(const market_event& trade) noexcept {
  auto lots = trade.qty.lots;
  int64_t value = 0;
  inexact_ |= __builtin_mul_overflow(trade.px.ticks, lots, &value)
              || __builtin_add_overflow(sums_.tick_lots, value,
                                        &sums_.tick_lots);
  if (trade.rate_e8 != 0)
    lose_trades();
  sums_.count += int64_t{trade.merged} + 1;
  if (trade.aggressor == side::buy)
    inexact_ |= __builtin_add_overflow(sums_.taker_bought.lots, lots,
                                       &sums_.taker_bought.lots);
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

void bar_context_builder::take_book(const book& levels) noexcept {
  auto bid = levels.best(side::buy);
  auto ask = levels.best(side::sell);
  if (!bid || !ask || bid->px >= ask->px)
    return lose_book();
  top_of_book now{bid->px, ask->px, bid->qty, ask->qty};
  if (top_)
    flow_ += flow_of(*top_, now);
  top_ = now;
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
  lose_book();
  if (verdict == feed_status::gapped || verdict == feed_status::crossed)
    return;
  lose_trades();
  lose_prices();
}

// -- bars ---------------------------------------------------------------------

bar_context bar_context_builder::at_present() const noexcept {
  bar_context result;
  result.top = to_maybe(top_);
  result.mark = to_maybe(mark_);
  result.index = to_maybe(index_);
  if (funding_)
    result.funding_rate_e8 = funding_->rate_e8;
  result.open_interest = to_maybe(open_interest_);
  if (top_)
    result.order_flow = quantity{flow_};
  return result;
}

bar_context bar_context_builder::close() noexcept {
  auto result = close_quiet();
  if (inexact_)
    result.trades = caf::none;
  else
    result.trades = sums_;
  sums_ = {};
  inexact_ = false;
  return result;
}

bar_context bar_context_builder::close_quiet() noexcept {
  auto result = at_present();
  result.trades = trade_sums{};
  flow_ = 0;
  return result;
}

void bar_context_builder::settle(const bar& of,
                                 bar_context& context) const noexcept {
  if (of.open_time <= trades_lost_until_)
    context.trades = caf::none;
  if (of.open_time <= book_lost_until_) {
    context.top = caf::none;
    context.order_flow = caf::none;
  }
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
