// What trades cost those who took, and how much of it was information.

#pragma once

#include "models/market/price.hpp"
#include "models/market/quantity.hpp"
#include "models/market/side.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace qalpha {

/// Costs of one trade, ticks: `effective = realised + impact`. Positive where
/// the taker paid.
struct trade_cost {
  price px;
  quantity size;
  /// Twice the distance from the middle before the trade.
  int64_t effective;
  /// Twice the distance from the middle some time later: what the maker kept.
  int64_t realised;
  /// Twice the way of the middle in between: what the trade knew.
  int64_t impact;
};

/// Waits with each trade until its time is up. Time is any whole number that
/// does not fall: nanoseconds, or a count of events. A middle is given as its
/// double, which is a whole number of ticks: bid + ask.
class trade_costs {
public:
  /// @param horizon after a trade at which the middle counts
  /// @param most_waiting trades; when there are more, the oldest is dropped
  trade_costs(int64_t horizon, size_t most_waiting)
    : horizon_(horizon), most_waiting_(most_waiting) {
    // nop
  }

  /// Takes a trade against the middle as it was.
  /// @returns its effective cost; nothing, and it does not wait, while no
  ///          middle is known.
  std::optional<int64_t> add_trade(int64_t time, side taker, price px,
                                   quantity size);

  /// Takes a new middle, and tells the trades whose time was up before it.
  /// Of several middles of one time the last one counts.
  /// @param tell called with a `trade_cost`, in the order of the trades
  template <class F>
  void add_middle(int64_t time, int64_t twice, F tell) {
    settle(time, tell);
    twice_middle_ = twice;
  }

  /// Tells the trades whose time is up before `time`, with the middle as it is.
  template <class F>
  void settle(int64_t time, F tell) {
    while (!waiting_.empty() && waiting_.front().due < time) {
      tell(cost_of(waiting_.front()));
      waiting_.pop_front();
    }
  }

  /// Drops all that wait and the middle, where the stream was interrupted.
  void reset() noexcept;

  /// Trades that were dropped before their time was up.
  size_t dropped() const noexcept {
    return dropped_;
  }

private:
  struct waiting {
    int64_t due;
    side taker;
    price px;
    quantity size;
    int64_t twice_before;
  };

  trade_cost cost_of(const waiting& trade) const noexcept;

  int64_t horizon_;
  size_t most_waiting_;
  std::deque<waiting> waiting_;
  // Known wherever a trade waits.
  std::optional<int64_t> twice_middle_;
  size_t dropped_ = 0;
};

} // namespace qalpha
