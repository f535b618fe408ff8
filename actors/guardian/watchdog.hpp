// WATCHDOG: notices what goes wrong.

#pragma once

#include "actors/shell.hpp"
#include "models/risk/watchdog.hpp"

#include <caf/actor_clock.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <optional>

namespace qalpha {

struct watchdog_state;

using watchdog_pointer = watchdog_actor::stateful_pointer<watchdog_state>;

struct watchdog_state : shell {
  watchdog_state() = default;

  std::optional<watchdog> machine;
  std::optional<wire<watchdog_pointer>> outlet;
  std::optional<routed<wire<watchdog_pointer>, watchdog::effects>> out;

  /// Latest event time seen, for alerts that come from supervision.
  utc_time now;
  caf::actor_clock::time_point last_pulse;
  uint64_t pulses = 0;

  static inline const char* name = "watchdog";
};

/// Listens to health and looks at the clock once a second. Scheduled.
/// @pre `node` outlives the actor
watchdog_actor::behavior_type run_watchdog(watchdog_pointer self,
                                           const node_context* node);

} // namespace qalpha
