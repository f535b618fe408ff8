// How CAF is set up: from code only, never from files or the command line.

#pragma once

#include <caf/actor_system_config.hpp>

#include <cstddef>

namespace qalpha {

/// Threads of a live node.
struct scheduler_settings {
  /// Worker threads for scheduled actors; at least one.
  size_t threads = 2;

  /// Messages an actor handles before it lets others run. Without a bound a
  /// flooded actor keeps its worker for seconds; measured, 30 keeps others
  /// waiting for milliseconds at most.
  size_t max_throughput = 30;
};

/// Settings of an actor system that announce all our messages.
class actor_config : public caf::actor_system_config {
public:
  /// For a live node: shared queue (a work-stealing worker sleeps for up to
  /// 10 ms before it looks for work), bounded throughput.
  explicit actor_config(const scheduler_settings& settings);

  /// For one thread and virtual time: CAF's deterministic scheduler.
  struct deterministic {};
  explicit actor_config(deterministic);
};

} // namespace qalpha
