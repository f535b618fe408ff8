// NOTIFIER: tells people.

#pragma once

#include "actors/shell.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace qalpha {

struct notifier_state : shell {
  notifier_state() = default;

  static inline const char* name = "notifier";
};

using notifier_pointer = notifier_actor::stateful_pointer<notifier_state>;

/// Hands facts to `node_context::people`. An actor of its own because a
/// terminal or a network may be slow. Detached in a live node.
/// @pre `node` outlives the actor
notifier_actor::behavior_type run_notifier(notifier_pointer self,
                                           const node_context* node);

} // namespace qalpha
