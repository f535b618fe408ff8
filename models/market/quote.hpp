// Top of the book and mark price.

#pragma once

#include "models/market/price.hpp"
#include "models/market/quantity.hpp"
#include "models/market/symbol_id.hpp"
#include "models/market/time.hpp"

namespace qalpha {

/// Fact: best prices of a synchronised, uncrossed book after the events of one
/// batch. FEED → EXECUTOR.
struct quote {
  symbol_id symbol;
  utc_time time;
  price bid;
  price ask;
  quantity bid_size;
  quantity ask_size;

  friend bool operator==(const quote&, const quote&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, quote& x) {
    return f(caf::meta::type_name("quote"), x.symbol, x.time, x.bid, x.ask,
             x.bid_size, x.ask_size);
  }
};

/// Fact: the price at which positions are valued: the venue's mark price where
/// there is one, else the middle of the book (rounded down to a tick), else the
/// close of the last bar. FEED → RISK DESK, EXECUTOR.
struct mark_updated {
  symbol_id symbol;
  utc_time time;
  price mark;

  friend bool operator==(const mark_updated&, const mark_updated&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, mark_updated& x) {
    return f(caf::meta::type_name("mark_updated"), x.symbol, x.time, x.mark);
  }
};

} // namespace qalpha
