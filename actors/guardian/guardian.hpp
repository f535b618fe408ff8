// GUARDIAN: the state of trading, and the hand on the gate.

#pragma once

#include "actors/shell.hpp"
#include "models/risk/guardian.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <optional>
#include <vector>

namespace qalpha {

struct guardian_state;

using guardian_pointer = guardian_actor::stateful_pointer<guardian_state>;

/// Turns the trading gate before anybody is told, then delivers as usual.
class guardian_wire {
public:
  explicit guardian_wire(guardian_pointer self) : self_(self) {
    // nop
  }

  void route(const state_changed& fact);

private:
  guardian_pointer self_;
};

struct guardian_state : shell {
  guardian_state() = default;

  std::optional<guardian> machine;
  std::optional<guardian_wire> outlet;
  std::optional<routed<guardian_wire, guardian::effects>> out;

  /// Last gate epoch that each executor has acknowledged.
  std::vector<uint64_t> acknowledged;

  /// Latest event time seen; states of trading are stamped with it.
  utc_time now;

  static inline const char* name = "guardian";
};

/// First act of a restriction: the gate turns. Then desk and executors hear it
/// with high priority, the journal keeps it, and people are told. An executor
/// that does not acknowledge in time has its orders cancelled at the venue by
/// the guardian itself. Restarted executors and desks are told the state again.
/// Detached in a live node.
/// @pre `node` outlives the actor
guardian_actor::behavior_type run_guardian(guardian_pointer self,
                                           const node_context* node);

} // namespace qalpha
