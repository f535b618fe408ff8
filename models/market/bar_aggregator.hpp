// Bars from trades.

#pragma once

#include "models/market/bar.hpp"

#include <optional>

namespace qalpha {

/// Builds bars of a fixed interval, aligned to multiples of it since 1970. A
/// bar closes when a later time is seen, not when its last trade arrives. An
/// interval without trades yields no bar by itself: only who knows that none is
/// missing may ask for a quiet one.
class bar_aggregator {
public:
  /// @pre `interval > 0`
  explicit bar_aggregator(timespan interval);

  /// Adds a trade.
  /// @returns the previous bar if `time` lies beyond it. A trade older than the
  ///          open bar, or than the last closed one, is counted in the bar that
  ///          follows: venues deliver trades late, and a closed bar never
  ///          changes nor comes twice.
  /// @pre `time.ns >= 0`
  std::optional<bar> add(utc_time time, price px, quantity qty);

  /// Tells that all trades up to `now` are known.
  /// @returns the open bar if it ended at or before `now`.
  std::optional<bar> advance(utc_time now);

  /// Tells that all trades of [since, until) are known.
  /// @returns the next bar without trades in that time, flat at the last close,
  ///          or `nullopt` if there is none before the bar that is open. Call
  ///          again until then.
  std::optional<bar> quiet(utc_time since, utc_time until);

  /// @returns the bar that is still open, if any.
  const std::optional<bar>& open() const noexcept {
    return open_;
  }

private:
  /// @returns the start of the interval that holds `time`.
  utc_time aligned(utc_time time) const noexcept;

  /// @pre a bar is open
  std::optional<bar> close_open();

  timespan interval_;
  // No bar starts before this.
  utc_time closed_until_;
  // The last bar that was told, its end and close; zero before the first.
  utc_time told_until_;
  price last_close_;
  std::optional<bar> open_;
};

} // namespace qalpha
