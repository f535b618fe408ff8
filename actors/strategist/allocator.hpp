// ALLOCATOR: strategies and sizes for the whole portfolio.

#pragma once

#include "actors/past_bars.hpp"
#include "actors/shell.hpp"
#include "models/execution/allocator.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <optional>

namespace qalpha {

struct allocator_state;

using allocator_pointer = allocator_actor::stateful_pointer<allocator_state>;

struct allocator_state : shell, past_bars {
  allocator_state() = default;

  std::optional<allocator> machine;
  std::optional<wire<allocator_pointer>> outlet;
  std::optional<routed<wire<allocator_pointer>, allocator::effects>> out;

  static inline const char* name = "allocator";
};

/// Decides on every closed bar. After a start it continues the opinions that
/// the journal remembers, asks the feeds for their past bars, and takes no bar
/// of a symbol before it has them: the past includes those bars. Scheduled.
/// @pre `node` outlives the actor
allocator_actor::behavior_type run_allocator(allocator_pointer self,
                                             const node_context* node);

} // namespace qalpha
