// The heartbeat that goes through the pipeline, not beside it.

#pragma once

#include "messages/roles.hpp"
#include "models/market/time.hpp"

#include <array>
#include <cstdint>

namespace qalpha {

/// Fact: time reached `time`, and everything that was caused before is ahead of
/// this message. A pulse visits the actors in the order of `pulse_path`; each
/// passes it on once it has heard it from all senders of the stage before. When
/// it comes out at the end, nothing that was caused before it is still under
/// way. This is what tells a watchdog that the pipeline is alive, and a
/// simulated venue that it may let time go on. Where it does, the models pass
/// it on to the allocator as the feeds do, and the allocator waits for them.
struct pulse {
  uint64_t sequence = 0;
  utc_time time;
  /// Index into `pulse_path` of the actor that receives it.
  uint8_t stage = 0;

  friend bool operator==(const pulse&, const pulse&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, pulse& x) {
    return f(caf::meta::type_name("pulse"), x.sequence, x.time, x.stage);
  }
};

/// The longest chain of messages that one market event can cause: a bar becomes
/// a question to the desk, an answer, a target, a permit, an order.
inline constexpr std::array pulse_path{
  role::feed,     role::allocator, role::risk_desk, role::allocator,
  role::executor, role::risk_desk, role::executor,
};

} // namespace qalpha
