// What the market was around one bar, beside its trades' prices and volume.

#pragma once

#include "models/market/price.hpp"
#include "models/market/quantity.hpp"
#include "models/market/symbol_id.hpp"
#include "models/market/time.hpp"

#include <caf/optional.hpp>

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

/// The best prices of a book.
struct top_of_book {
  price bid;
  price ask;
  quantity bid_size;
  quantity ask_size;

  friend bool operator==(const top_of_book&, const top_of_book&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, top_of_book& x) {
    return f(caf::meta::type_name("top_of_book"), x.bid, x.ask, x.bid_size,
             x.ask_size);
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

  /// What arrived at the best bid less what arrived at the best ask, summed
  /// over the changes of the book since the bar before was complete
  /// (`flow_between`). Signed.
  maybe<quantity> order_flow;

  friend bool operator==(const bar_context&, const bar_context&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, bar_context& x) {
    return f(caf::meta::type_name("bar_context"), x.trades, x.top, x.mark,
             x.index, x.reference, x.funding_rate_e8, x.open_interest,
             x.order_flow);
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
