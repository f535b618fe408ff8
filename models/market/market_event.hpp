// What a venue publishes about one symbol, in one flat record that is cheap to
// batch, record and replay.

#pragma once

#include "models/market/price.hpp"
#include "models/market/quantity.hpp"
#include "models/market/side.hpp"
#include "models/market/symbol_id.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace qalpha {

/// Meaning of a `market_event`.
enum class market_event_kind : uint8_t {
  /// A trade: `px`, `qty`, `aggressor`; the sum of `merged` trades and one. If
  /// some of them had another price or aggressor, or more were lost, `rate_e8`
  /// is not zero.
  trade,
  /// A snapshot of the book begins; all levels are void. `sequence` is the
  /// snapshot's last update.
  book_reset,
  /// The total quantity at bid `px` is now `qty`; zero removes the level.
  bid_level,
  /// The total quantity at ask `px` is now `qty`; zero removes the level.
  ask_level,
  /// A group of level changes is complete and the book is consistent.
  /// `sequence` counts these groups without a gap; the `merged` groups before
  /// it are part of this one.
  book_complete,
  /// The venue's mark price is `px`.
  mark_price,
  /// The venue's index price is `px`.
  index_price,
  /// The funding rate is `rate_e8`; `sequence` is the time of the payment in
  /// nanoseconds UTC.
  funding,
  /// Messages were or may have been missed: the book is void until the next
  /// `book_reset` is complete.
  interrupted,
  /// The middle of the best prices at the other venue of this symbol: `px` and
  /// `rate_e8` times 1e-8 of a tick of this venue beyond it. `time` is when the
  /// process heard of it. A `px` of zero: at present there is none that could
  /// be trusted. It says nothing about this venue.
  reference_price,
  /// `qty` is the number of contracts that are open.
  open_interest,
};

/// @relates market_event_kind
constexpr std::string_view to_string(market_event_kind x) noexcept {
  switch (x) {
    case market_event_kind::trade:
      return "trade";
    case market_event_kind::book_reset:
      return "book_reset";
    case market_event_kind::bid_level:
      return "bid_level";
    case market_event_kind::ask_level:
      return "ask_level";
    case market_event_kind::book_complete:
      return "book_complete";
    case market_event_kind::mark_price:
      return "mark_price";
    case market_event_kind::index_price:
      return "index_price";
    case market_event_kind::funding:
      return "funding";
    case market_event_kind::interrupted:
      return "interrupted";
    case market_event_kind::reference_price:
      return "reference_price";
    case market_event_kind::open_interest:
      return "open_interest";
  }
  return "unknown";
}

/// One public event of one symbol.
struct market_event {
  /// Event time of the venue.
  utc_time time;
  uint64_t sequence = 0;
  price px;
  quantity qty;
  market_event_kind kind = market_event_kind::trade;
  side aggressor = side::buy;
  /// How many earlier events this one stands for, when its reader was slow.
  uint32_t merged = 0;
  /// Units of 1e-8.
  int64_t rate_e8 = 0;

  friend bool operator==(const market_event&, const market_event&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, market_event& x) {
    return f(caf::meta::type_name("market_event"), x.time, x.sequence, x.px,
             x.qty, x.kind, x.aggressor, x.merged, x.rate_e8);
  }
};

/// Fact: events of one symbol in the order of the venue. VENUE → FEED.
struct market_batch {
  symbol_id symbol;
  /// When the batch reached the process.
  utc_time received;
  std::vector<market_event> events;

  friend bool operator==(const market_batch&, const market_batch&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, market_batch& x) {
    return f(caf::meta::type_name("market_batch"), x.symbol, x.received,
             x.events);
  }
};

} // namespace qalpha
