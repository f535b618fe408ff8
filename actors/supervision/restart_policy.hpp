// When a crashed child may come back.

#pragma once

#include "models/market/time.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

namespace qalpha {

/// Point in time on the monotonic clock that drives actors.
using monotonic_time = std::chrono::steady_clock::time_point;

/// Who is restarted with a child that crashed, as in OTP.
enum class restart_strategy : uint8_t {
  /// Only the child.
  one_for_one,
  /// All children.
  one_for_all,
  /// The child and those that were started after it.
  rest_for_one,
};

constexpr std::string_view to_string(restart_strategy x) noexcept {
  switch (x) {
    case restart_strategy::one_for_one:
      return "one_for_one";
    case restart_strategy::one_for_all:
      return "one_for_all";
    case restart_strategy::rest_for_one:
      return "rest_for_one";
  }
  return "?";
}

/// How many crashes a supervisor takes before it gives up itself.
struct restart_intensity {
  /// At most this many restarts ...
  size_t max_restarts = 5;
  /// ... within this time.
  timespan window = std::chrono::seconds{60};
  /// Delay before the first restart; doubles with each crash in the window.
  timespan first_delay = std::chrono::milliseconds{20};
  timespan longest_delay = std::chrono::seconds{5};
};

/// Counts crashes and spaces restarts. The caller supplies the time and a
/// number that differs between children, from which the jitter is derived:
/// children that crash together do not come back together.
class restart_policy {
public:
  explicit restart_policy(restart_intensity intensity) : intensity_(intensity) {
    // nop
  }

  /// Records a crash.
  /// @returns the delay before the restart, or `nullopt` if the intensity is
  ///          exceeded and the supervisor must escalate.
  /// @pre `now` never decreases between calls
  std::optional<timespan> on_crash(monotonic_time now, uint64_t jitter_seed);

private:
  restart_intensity intensity_;
  std::deque<monotonic_time> crashes_;
};

} // namespace qalpha
