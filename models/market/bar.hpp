// Open-high-low-close bars.

#pragma once

#include "models/market/price.hpp"
#include "models/market/quantity.hpp"
#include "models/market/symbol_id.hpp"
#include "models/market/time.hpp"

namespace qalpha {

/// Trades of the half-open interval [open_time, close_time).
struct bar {
  utc_time open_time;
  utc_time close_time;
  price open;
  price high;
  price low;
  price close;
  quantity volume;

  friend bool operator==(const bar&, const bar&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, bar& x) {
    return f(caf::meta::type_name("bar"), x.open_time, x.close_time, x.open,
             x.high, x.low, x.close, x.volume);
  }
};

/// @returns `nullptr` if the prices are positive, high and low enclose open and
///          close, the volume is not negative and the interval is not empty;
///          else the rule that is broken, in positive words.
constexpr const char* broken_rule(const bar& x) noexcept {
  if (x.open_time >= x.close_time)
    return "close time must be after open time";
  if (x.low.ticks <= 0)
    return "prices must be positive";
  if (x.high < x.low || x.open < x.low || x.open > x.high || x.close < x.low
      || x.close > x.high)
    return "low <= open, close <= high must hold";
  if (x.volume.lots < 0)
    return "volume must not be negative";
  return nullptr;
}

/// Fact: a bar is complete. FEED → ALLOCATOR.
struct bar_closed {
  symbol_id symbol;
  bar value;

  friend bool operator==(const bar_closed&, const bar_closed&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, bar_closed& x) {
    return f(caf::meta::type_name("bar_closed"), x.symbol, x.value);
  }
};

} // namespace qalpha
