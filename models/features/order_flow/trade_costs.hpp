// What trades cost those who took, and how much of it was information.

#pragma once

#include "models/features/feature.hpp"
#include "models/features/order_flow/trade_sign.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace qalpha {

/// Costs of one trade, in the unit of its price: `effective = realised +
/// impact`.
struct trade_cost {
  /// Twice the distance from the middle before the trade.
  double effective;
  /// Twice the distance from the middle some time later: what the maker kept.
  double realised;
  /// Twice the way of the middle in between: what the trade knew.
  double impact;
};

/// @param before the middle just before the trade
/// @param after the middle when the time is up
/// @returns costs that are positive where the taker paid. Zero for a trade
///          without a sign.
trade_cost cost_of(trade_sign sign, double px, double before,
                   double after) noexcept;

/// Waits with each trade until its time is up. Time is any whole number that
/// does not fall: nanoseconds, or a count of events.
class trade_costs {
public:
  /// @param horizon after a trade at which the middle counts
  /// @param most_waiting trades; when there are more, the oldest is dropped
  trade_costs(int64_t horizon, size_t most_waiting)
    : horizon_(horizon), most_waiting_(most_waiting) {
    // nop
  }

  /// Takes a trade against the middle as it was.
  /// @returns whether it waits: not without a sign, a price or a middle.
  bool add_trade(int64_t time, trade_sign sign, double px);

  /// Takes a new middle, and tells the trades whose time was up before it.
  /// Of several middles of one time the last one counts.
  /// @param tell called with a `trade_cost`, in the order of the trades
  template <class F>
  void add_middle(int64_t time, double mid, F tell) {
    settle(time, tell);
    middle_ = mid;
  }

  /// Tells the trades whose time is up before `time`, with the middle as it is.
  template <class F>
  void settle(int64_t time, F tell) {
    while (!waiting_.empty() && waiting_.front().due < time) {
      const auto& trade = waiting_.front();
      if (middle_ == middle_)
        tell(cost_of(trade.sign, trade.px, trade.before, middle_));
      else
        ++dropped_;
      waiting_.pop_front();
    }
  }

  /// Drops all that wait and the middle, where the stream was interrupted.
  void reset() noexcept;

  /// Trades that were dropped: too many, or no middle when their time was up.
  size_t dropped() const noexcept {
    return dropped_;
  }

private:
  struct waiting {
    int64_t due;
    trade_sign sign;
    double px;
    double before;
  };

  int64_t horizon_;
  size_t most_waiting_;
  std::deque<waiting> waiting_;
  double middle_ = undefined;
  size_t dropped_ = 0;
};

} // namespace qalpha
