// Paces market time by the clock of the machine, and hears when to stop.

#pragma once

#include "models/market/time.hpp"

#include <chrono>

namespace qalpha {

/// Blocks SIGINT and SIGTERM for this thread and all that it starts later, so
/// that `frame_clock` takes them where it is safe.
void block_stop_signals();

/// Lets time pass between frames.
class frame_clock {
public:
  /// @param speed market seconds a real second; 0: never wait
  explicit frame_clock(double speed);

  /// Waits until `length` of market time has passed since the call before. A
  /// node that fell behind by more than a second does not hurry to catch up.
  /// @returns `true` once somebody asked the process to stop. From then on the
  ///          same signals end the process at once.
  bool wait(timespan length);

private:
  double speed_;
  std::chrono::steady_clock::time_point next_;
};

} // namespace qalpha
