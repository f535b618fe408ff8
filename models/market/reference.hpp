// What a symbol costs at another venue, in the words of this one.

#pragma once

#include "models/market/market_event.hpp"

#include <cstdint>
#include <optional>

namespace qalpha {

/// @param there_e8, here_e8 the ticks of both venues in units of 1e-8
/// @returns the `reference_price` halfway between the best prices of the other
///          venue; one that says that there is none if it is less than a tick,
///          or beyond all numbers.
/// @pre both ticks and both prices are positive
market_event reference_between(utc_time now, price bid, price ask,
                               int64_t there_e8, int64_t here_e8) noexcept;

/// @returns the `reference_price` that says that there is none.
inline market_event no_reference(utc_time now) noexcept {
  return {.time = now, .kind = market_event_kind::reference_price};
}

/// The newest reference price that was heard.
class heard_reference {
public:
  /// @returns `false`, and nothing has changed, if the event makes no sense.
  bool take(const market_event& event, utc_time received) noexcept;

  /// @returns the price, unless there is none or it is older than `longest`.
  std::optional<fine_price> at(utc_time now, timespan longest) const noexcept;

private:
  fine_price px_;
  utc_time received_;
};

/// @returns how far the middle of the best prices lies above `reference`, in
///          units of 1e-8 of that; nothing if that is beyond all numbers.
/// @pre all prices are positive
std::optional<int64_t> basis_between(price bid, price ask,
                                     fine_price reference) noexcept;

} // namespace qalpha
