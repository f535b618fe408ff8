#include "models/market/reference.hpp"

#include <limits>

namespace qalpha {

market_event reference_between(utc_time now, price bid, price ask,
                               int64_t there_e8, int64_t here_e8) noexcept {
  constexpr int64_t e8 = 100'000'000;
  // Twice the middle, which is a whole number.
  auto sum = (static_cast<__int128>(bid.ticks) + ask.ticks) * there_e8;
  auto unit = static_cast<__int128>(here_e8) * 2;
  auto ticks = sum / unit;
  auto result = no_reference(now);
  if (ticks < 1 || ticks > std::numeric_limits<int64_t>::max())
    return result;
  result.px = {static_cast<int64_t>(ticks)};
  result.rate_e8 = static_cast<int64_t>(sum % unit * e8 / unit);
  return result;
}

} // namespace qalpha
