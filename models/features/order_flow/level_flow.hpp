// Order flow imbalance: what arrived at the bids less what arrived at the asks.

#pragma once

#include "models/features/order_flow/book_top.hpp"
#include "models/features/rolling/past_score.hpp"
#include "models/market/queue_flow.hpp"

#include <array>
#include <optional>
#include <span>

namespace qalpha {

/// Flow by level index, best first, base units; zero beyond the levels in use.
using level_flows = std::array<double, book_top::most_levels>;

/// The flow of each level from one state of the book to the next. Level `m` is
/// the m-th best price, wherever it lies.
class order_flow {
public:
  /// @pre `0 < levels && levels <= book_top::most_levels`
  explicit order_flow(size_t levels = book_top::most_levels) : levels_(levels) {
    // nop
  }

  /// @returns nothing for the first book, for one that is not sound, and for
  ///          the next sound one after that. Empty sides are fine: a side that
  ///          is swept away is a flow.
  std::optional<level_flows> update(const book_top& now) noexcept;

  /// Forgets the book before, where the stream was interrupted.
  void reset() noexcept {
    last_.reset();
  }

private:
  size_t levels_;
  std::optional<book_top> last_;
};

/// @returns the sum of the flows, each level counting `exp(-decay)` times the
///          one before it: the flow of the best level alone for a large
///          `decay`, the plain sum for zero.
double depth_weighted_flow(std::span<const double> flows,
                           double decay = 0.5) noexcept;

/// @returns the flow, up to doubled by trades that all go one way:
///          `flow * (1 + |signed_volume| / volume)`; the flow if nothing
///          traded.
double trade_weighted_flow(double flow, double signed_volume,
                           double volume) noexcept;

/// Flow over some events.
struct flow_bucket {
  level_flows sums{};
  /// Mean size of a level of one side over the events.
  double depth = 0;

  /// @returns the flows in units of the depth; zero where there was none.
  level_flows normalised() const noexcept;
};

/// Adds up the flow of events into buckets of equal numbers of them.
class flow_buckets {
public:
  /// @pre `0 < levels && levels <= book_top::most_levels && events > 0`
  flow_buckets(size_t levels, size_t events)
    : levels_(levels), events_(events), flow_(levels) {
    // nop
  }

  /// @returns a bucket when this event completes one. Books without a flow, see
  ///          `order_flow`, are no event; the bucket goes on behind them.
  std::optional<flow_bucket> update(const book_top& now) noexcept;

  /// Forgets the book before and the bucket at hand.
  void reset() noexcept;

private:
  size_t levels_;
  size_t events_;
  order_flow flow_;
  flow_bucket sum_;
  size_t count_ = 0;
};

/// Brings a flow to the scale of its own past: see `past_score`. Flows come as
/// they were, not scaled before.
class flow_score {
public:
  static constexpr size_t least_values = 30;

  /// @pre `window >= least_values`
  explicit flow_score(size_t window) : score_(window, least_values) {
    // nop
  }

  /// @returns 0 while there are fewer than `least_values` before it, and where
  ///          these do not vary. A flow that is not finite gives no value and
  ///          is not kept.
  double update(double flow) noexcept;

private:
  past_score score_;
};

} // namespace qalpha
