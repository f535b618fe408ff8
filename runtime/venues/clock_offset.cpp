#include "runtime/venues/clock_offset.hpp"

#include <algorithm>

namespace qalpha {

void clock_offset::measured(utc_time sent, utc_time server,
                            utc_time received) noexcept {
  auto round_trip = received - sent;
  // Our clock was set back in between: this tells nothing.
  if (round_trip < timespan{0})
    return;
  samples_[count_++ % kept] = {round_trip, server - (sent + round_trip / 2)};
}

std::optional<timespan> clock_offset::value() const noexcept {
  if (count_ == 0)
    return std::nullopt;
  auto end = samples_.begin() + static_cast<ptrdiff_t>(std::min(count_, kept));
  auto best = std::min_element(samples_.begin(), end,
                               [](const sample& a, const sample& b) {
                                 return a.round_trip < b.round_trip;
                               });
  return best->offset;
}

} // namespace qalpha
