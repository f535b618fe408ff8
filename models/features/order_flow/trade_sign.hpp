// Who started a trade, where the venue does not say.

#pragma once

#include "models/market/side.hpp"

#include <cstdint>

namespace qalpha {

/// Sign of a trade: +1 bought, -1 sold by the taker, 0 unknown.
using trade_sign = int;

/// @returns the sign of a trade whose venue names the aggressor, which all
///          venues of this system do.
constexpr trade_sign sign_of(side aggressor) noexcept {
  return static_cast<trade_sign>(sign(aggressor));
}

/// Guesses the sign of trades from prices and quotes (Lee and Ready, 1991).
class lee_ready {
public:
  /// @param px of the trade
  /// @param mid before the trade, in the unit of `px`; NaN if unknown
  /// @returns the side of the middle on which it was; at the middle, or where
  ///          that is unknown, the direction of the last change of price; 0
  ///          before there was one. A price that is NaN has no sign.
  trade_sign update(double px, double mid) noexcept {
    auto tick = tick_rule(px);
    if (px > mid)
      return 1;
    return px < mid ? -1 : tick;
  }

  /// @returns the direction of the last change of price alone.
  trade_sign tick_rule(double px) noexcept {
    // Written so that NaN changes nothing.
    if (!(px == px))
      return 0;
    if (has_last_ && px != last_)
      direction_ = px > last_ ? 1 : -1;
    last_ = px;
    has_last_ = true;
    return direction_;
  }

private:
  double last_ = 0;
  bool has_last_ = false;
  trade_sign direction_ = 0;
};

} // namespace qalpha
