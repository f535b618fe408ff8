// The last word before the wire.

#pragma once

#include "models/risk/trading_state.hpp"

#include <atomic>
#include <cstdint>

namespace qalpha {

/// What may pass.
enum class gate_mode : uint8_t {
  closed = 0,
  reduce_only = 1,
  open = 2,
};

/// An atomic that the guardian turns before it tells anybody, and that a
/// gateway reads after signing and before writing. An actor that is stuck, late
/// or wrong cannot send through a gate that has moved on: each position has its
/// own epoch, and a permit names the epoch it was given for.
///
/// Thread-safe; the only mutable state that actors of a node share.
class trading_gate {
public:
  struct reading {
    uint64_t epoch;
    gate_mode mode;
  };

  reading read() const noexcept {
    auto value = value_.load(std::memory_order_acquire);
    return {value >> 2, static_cast<gate_mode>(value & 3)};
  }

  /// Moves the gate to the position that belongs to a state.
  void turn(uint64_t epoch, gate_mode mode) noexcept {
    value_.store(epoch << 2 | static_cast<uint64_t>(mode),
                 std::memory_order_release);
  }

  /// Closes the gate in its present epoch; for those who find that the guardian
  /// is gone.
  void close() noexcept {
    value_.fetch_and(~uint64_t{3}, std::memory_order_acq_rel);
  }

private:
  // Closed until the first state of trading is known.
  std::atomic<uint64_t> value_{0};
};

/// @returns what may pass in a state.
constexpr gate_mode mode_for(const state_changed& fact) noexcept {
  if (fact.state == trading_state::active)
    return gate_mode::open;
  if (fact.state == trading_state::reducing || fact.flatten)
    return gate_mode::reduce_only;
  return gate_mode::closed;
}

} // namespace qalpha
