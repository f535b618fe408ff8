// EXECUTOR: brings the position of one symbol to its target.

#pragma once

#include "actors/shell.hpp"
#include "models/execution/executor.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <optional>

namespace qalpha {

struct executor_state;

using executor_pointer = executor_actor::stateful_pointer<executor_state>;

struct executor_state : shell {
  executor_state() = default;

  symbol_id symbol;
  bool started = false;
  /// Latest event time seen in a pulse.
  utc_time now;
  std::optional<executor> machine;
  std::optional<wire<executor_pointer>> outlet;
  std::optional<routed<wire<executor_pointer>, executor::effects>> out;

  static inline const char* name = "executor";
};

/// Continues with what the journal remembers and asks the venue for its view
/// when it is introduced to its peers; sends no order before both agree. What
/// the venue says is journaled before it is believed. Scheduled or detached; a
/// handler takes microseconds, and about a millisecond when the journal is set
/// to sync always.
/// @pre `node` outlives the actor
executor_actor::behavior_type
run_executor(executor_pointer self, const node_context* node, symbol_id symbol);

} // namespace qalpha
