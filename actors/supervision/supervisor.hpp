// SUPERVISOR: starts, watches, restarts and stops its children.

#pragma once

#include "actors/node_context.hpp"
#include "actors/supervision/directory.hpp"
#include "actors/supervision/restart_policy.hpp"
#include "messages/interfaces.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace qalpha {

/// How to start one child.
struct child_specification {
  /// Unique among the children, for example "feed BTCUSDT".
  std::string name;
  role kind = role::supervisor;
  symbol_id symbol;
  /// Starts one life. The runtime decides here about threads of their own.
  std::function<caf::actor(caf::actor_system&)> start;
};

/// A supervisor and its children, in the order of start.
struct supervisor_specification {
  std::string name;
  restart_strategy strategy = restart_strategy::one_for_one;
  restart_intensity intensity;
  /// Time a child has to stop before it is killed.
  timespan stop_within = std::chrono::seconds{2};
  /// The top of the tree tells the guardian when a child gave up, and closes
  /// the gate first.
  bool escalates_to_guardian = false;
  std::vector<child_specification> children;
};

struct supervisor_state {
  supervisor_state() = default;

  enum class phase : uint8_t {
    waiting,
    running,
    stopping,
    backing_off,
  };

  /// One child and its lives.
  struct child {
    caf::actor handle;
    phase now = phase::waiting;
    uint32_t restarts = 0;
    std::string last_error;
  };

  const node_context* node = nullptr;
  directory* book = nullptr;
  supervisor_specification spec;
  std::optional<restart_policy> policy;
  std::vector<child> children;
  /// Distinguishes timers of the present back-off or stop from older ones.
  uint64_t generation = 0;
  /// Delay to observe once all children that have to stop are down.
  timespan delay{0};
  /// Set while the supervisor itself stops: the reason it will quit with.
  std::optional<caf::error> stopping;

  static inline const char* name = "supervisor";
};

using supervisor_pointer = supervisor_actor::stateful_pointer<supervisor_state>;

/// Starts the children in order. A child that crashes is restarted after a
/// back-off, with its siblings as the strategy says: those stop in reverse
/// order first. More crashes than the intensity allows end the supervisor with
/// `ec::restart_budget_exhausted`, after all children have stopped in reverse
/// order. Children are monitored urgently; a child that does not stop in time
/// is killed.
/// @pre `node` and `book` outlive the actor
supervisor_actor::behavior_type
run_supervisor(supervisor_pointer self, const node_context* node,
               directory* book, supervisor_specification spec);

} // namespace qalpha
