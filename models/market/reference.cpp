#include "models/market/reference.hpp"

#include <algorithm>
#include <limits>

namespace qalpha {

namespace {

constexpr int64_t e8 = 100'000'000;

} // namespace

market_event reference_between(utc_time now, price bid, price ask,
                               int64_t there_e8, int64_t here_e8) noexcept {
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

bool heard_reference::take(const market_event& event,
                           utc_time received) noexcept {
  if (event.px.ticks < 0 || event.rate_e8 < 0 || event.rate_e8 >= e8)
    return false;
  px_ = {event.px.ticks, event.rate_e8};
  // It may have waited on its way.
  received_ = received.ns > 0 ? std::min(received, event.time) : event.time;
  return true;
}

std::optional<fine_price> heard_reference::at(utc_time now,
                                              timespan longest) const noexcept {
  if (px_.ticks <= 0 || now - received_ > longest)
    return std::nullopt;
  return px_;
}

std::optional<int64_t> basis_between(price bid, price ask,
                                     fine_price reference) noexcept {
  // In units of 1e-8 of a tick, which are exact for the middle.
  auto middle = (static_cast<__int128>(bid.ticks) + ask.ticks) * (e8 / 2);
  auto other = static_cast<__int128>(reference.ticks) * e8 + reference.part_e8;
  auto result = (middle - other) * e8 / other;
  if (result > std::numeric_limits<int64_t>::max())
    return std::nullopt;
  return static_cast<int64_t>(result);
}

} // namespace qalpha
