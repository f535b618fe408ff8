// What the market was around one bar, beside its trades' prices and volume.

#pragma once

#include "models/market/price.hpp"
#include "models/market/quantity.hpp"
#include "models/market/symbol_id.hpp"
#include "models/market/time.hpp"

#include <caf/optional.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace qalpha {

/// A value that may not be known. Unlike `std::optional` it can be sent.
template <class T>
using maybe = caf::optional<T>;

/// Sums over the trades of a bar.
struct trade_sums {
  /// Price in ticks times quantity in lots.
  int64_t tick_lots = 0;

  /// Trades as the venue tells them; several that were merged count each.
  int64_t count = 0;

  /// Volume that takers bought.
  quantity taker_bought;

  friend bool operator==(const trade_sums&, const trade_sums&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, trade_sums& x) {
    return f(caf::meta::type_name("trade_sums"), x.tick_lots, x.count,
             x.taker_bought);
  }
};

/// Levels of each side of a book whose sizes and flows are told.
inline constexpr size_t flow_levels = 10;

/// The best prices of a book, with what waits there and at the best
/// `flow_levels` together.
struct top_of_book {
  price bid;
  price ask;
  quantity bid_size;
  quantity ask_size;
  quantity bid_depth;
  quantity ask_depth;

  friend bool operator==(const top_of_book&, const top_of_book&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, top_of_book& x) {
    return f(caf::meta::type_name("top_of_book"), x.bid, x.ask, x.bid_size,
             x.ask_size, x.bid_depth, x.ask_depth);
  }
};

/// Sums over the changes of a book.
struct flow_sums {
  /// What arrived at a bid less what arrived at an ask, by level, best first:
  /// `flow_between` in lots. Level `m` is the m-th best price, wherever it
  /// lies.
  std::array<int64_t, flow_levels> lots{};

  /// Lots at the best levels of both sides, summed over the changes.
  int64_t depth = 0;

  int64_t changes = 0;

  friend bool operator==(const flow_sums&, const flow_sums&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, flow_sums& x) {
    return f(caf::meta::type_name("flow_sums"), x.lots, x.depth, x.changes);
  }
};

/// What takers paid against the middle of the book as it was known, twice the
/// distance each, in ticks times lots: `trade_costs`.
struct cost_sums {
  /// Over the trades of the bar, against the middle before each.
  int64_t effective = 0;

  // -- over the trades whose horizon ended with the bar or in it
  /// Against the middle at the end of the horizon.
  int64_t realised = 0;
  /// What the middle moved meanwhile.
  int64_t impact = 0;
  /// What was traded: price times quantity.
  int64_t settled = 0;

  friend bool operator==(const cost_sums&, const cost_sums&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, cost_sums& x) {
    return f(caf::meta::type_name("cost_sums"), x.effective, x.realised,
             x.impact, x.settled);
  }
};

/// All of it was known when the bar was told. What was not known for certain is
/// absent, never zero.
struct bar_context {
  maybe<trade_sums> trades;

  // -- at the close
  maybe<top_of_book> top;
  maybe<price> mark;
  maybe<price> index;
  /// The middle of the best prices at the reference venue.
  maybe<fine_price> reference;
  /// Of the next funding, in units of 1e-8.
  maybe<int64_t> funding_rate_e8;
  /// Contracts open.
  maybe<quantity> open_interest;

  // -- since the bar before
  maybe<flow_sums> flow;
  maybe<cost_sums> costs;

  friend bool operator==(const bar_context&, const bar_context&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, bar_context& x) {
    return f(caf::meta::type_name("bar_context"), x.trades, x.top, x.mark,
             x.index, x.reference, x.funding_rate_e8, x.open_interest, x.flow,
             x.costs);
  }
};

/// Of bars that are known by their prices and volume alone.
inline const bar_context nothing_known;

/// Fact: what is known around the bar that closes at `close_time`, told right
/// before its `bar_closed`. FEED → ALLOCATOR.
struct bar_context_known {
  symbol_id symbol;
  utc_time close_time;
  bar_context value;

  friend bool operator==(const bar_context_known&, const bar_context_known&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, bar_context_known& x) {
    return f(caf::meta::type_name("bar_context_known"), x.symbol, x.close_time,
             x.value);
  }
};

} // namespace qalpha
