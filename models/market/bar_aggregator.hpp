// Bars from trades.

#pragma once

#include "models/market/bar.hpp"

#include <optional>

namespace qalpha {

/// Builds bars of a fixed interval, aligned to multiples of it since 1970. A
/// bar closes when a later time is seen, not when its last trade arrives. An
/// interval without trades yields no bar.
class bar_aggregator {
public:
  /// @pre `interval > 0`
  explicit bar_aggregator(timespan interval);

  /// Adds a trade.
  /// @returns the previous bar if `time` lies beyond it. A trade older than the
  ///          open bar is counted in it: venues deliver trades late, and a
  ///          closed bar never changes.
  std::optional<bar> add(utc_time time, price px, quantity qty);

  /// Tells that all trades up to `now` are known.
  /// @returns the open bar if it ended at or before `now`.
  std::optional<bar> advance(utc_time now);

  /// @returns the bar that is still open, if any.
  const std::optional<bar>& open() const noexcept {
    return open_;
  }

private:
  timespan interval_;
  std::optional<bar> open_;
};

} // namespace qalpha
