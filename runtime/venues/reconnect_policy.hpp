// When to try again.

#pragma once

#include "models/market/time.hpp"

#include <chrono>
#include <cstdint>
#include <random>

namespace qalpha {

/// Bounds of the pause between two attempts.
struct reconnect_pace {
  /// Upper bound of the first pause; doubles with each failure.
  timespan first = std::chrono::milliseconds{500};

  timespan longest = std::chrono::seconds{30};

  friend bool operator==(const reconnect_pace&, const reconnect_pace&)
    = default;
};

/// Exponential backoff with full jitter: any pause up to the bound is as
/// likely, so that those who failed together do not come back together.
class reconnect_policy {
public:
  /// @param seed differs between those who share a server
  reconnect_policy(reconnect_pace pace, uint64_t seed)
    : pace_(pace), chance_(seed) {
    // nop
  }

  /// Records a failure.
  /// @returns the pause before the next attempt.
  timespan failed();

  /// The attempt led to something.
  void succeeded() noexcept {
    failures_ = 0;
  }

  uint64_t failures() const noexcept {
    return failures_;
  }

private:
  reconnect_pace pace_;
  std::mt19937_64 chance_;
  uint64_t failures_ = 0;
};

} // namespace qalpha
