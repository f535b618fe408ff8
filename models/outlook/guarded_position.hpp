// A position with the stop and the take profit that it was entered with.

#pragma once

#include "models/outlook/policy_model.hpp"

#include <optional>

namespace qalpha {

/// Prices of one bar in any unit: only their ratios count.
struct bar_prices {
  double open = 0;
  double high = 0;
  double low = 0;
  double close = 0;
};

/// How a position was left.
struct guarded_exit {
  double price = 0;
  /// By the stop; else by the take profit.
  bool stopped = false;
};

/// What is held while whole actions are played. Its side (long or short) counts
/// as one position: the stop and the take profit that were wanted when the side
/// was entered hold until it is left, whatever its size becomes.
///
///   want(share) ──side changes──▶ levels around that close ──pass(bar)──▶ exit
///
/// After an exit nothing is held until that side is no longer wanted.
class guarded_position final {
public:
  /// Takes what is wanted at a close.
  /// @param share signed; anything that is not finite is none
  /// @param stop, take_profit distances from the close as fractions of it; what
  ///                          is not positive is none
  /// @returns what is held from now on: `share`, or zero after an exit.
  double want(double share, double stop, double take_profit, double close);

  /// Takes the bar that follows. The open is what comes first in it; where both
  /// levels lie within the rest of the bar, the stop is taken to have been hit
  /// first. An exit is at the level, or at the open if that is beyond it.
  /// @returns the exit, if there is one; nothing is held then.
  std::optional<guarded_exit> pass(const bar_prices& next);

  double held() const noexcept {
    return held_;
  }

  /// @returns whether it was left, and its side is wanted still.
  bool waits() const noexcept {
    return left_side_ != 0;
  }

private:
  bool beyond_stop(double price) const noexcept;
  bool beyond_profit(double price) const noexcept;

  double held_ = 0;
  int left_side_ = 0;
  // Prices.
  std::optional<double> stop_;
  std::optional<double> profit_;
};

/// Plays an action from one close to the next.
/// @param close at which the action is taken
/// @param cost of a change of the position by one, a fraction
/// @returns position times size times the return up to the next close, or up to
///          the exit, less the costs of both changes.
double play_bar(guarded_position& where, const policy_action& action,
                double close, const bar_prices& next, double cost);

} // namespace qalpha
