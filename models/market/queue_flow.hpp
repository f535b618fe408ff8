// What arrived at the bids less what arrived at the asks.

#pragma once

#include <cstdint>
#include <limits>

namespace qalpha {

/// Ticks of a level that is not there: the worst of all prices. With no size
/// the formula of the flow then needs no case of its own for it.
inline constexpr int64_t no_bid_ticks = std::numeric_limits<int64_t>::min();

/// @relates no_bid_ticks
inline constexpr int64_t no_ask_ticks = std::numeric_limits<int64_t>::max();

/// @param Level has `ticks` and a `size`
/// @returns the flow between two states of a level: Cont, Kukanov and Stoikov
///          (2014), equation 4. A level that comes or goes counts with all of
///          its size.
template <class Level>
constexpr auto flow_between(const Level& bid_before, const Level& ask_before,
                            const Level& bid, const Level& ask) noexcept {
  decltype(bid.size) result{};
  if (bid.ticks >= bid_before.ticks)
    result += bid.size;
  if (bid.ticks <= bid_before.ticks)
    result -= bid_before.size;
  if (ask.ticks <= ask_before.ticks)
    result -= ask.size;
  if (ask.ticks >= ask_before.ticks)
    result += ask_before.size;
  return result;
}

} // namespace qalpha
