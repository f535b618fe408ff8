// What time it is, for verbs that have to do with the world.

#pragma once

#include "models/market/time.hpp"

#include <chrono>

namespace qalpha {

/// @returns the time of the machine, in UTC. Only what stands at the edge asks
///          for it; everything below receives it.
inline utc_time wall_clock_now() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()};
}

} // namespace qalpha
