// The three trees of a node.

#pragma once

#include "actors/node_context.hpp"
#include "actors/supervision/supervisor.hpp"

namespace qalpha {

/// What the tree looks like from the outside.
struct tree_settings {
  /// Give the guardian, the desk and (for few symbols) the executors threads of
  /// their own. Never with the deterministic scheduler, which has one thread.
  bool threads = true;

  /// Executors get threads of their own up to this many symbols; with more they
  /// share the scheduler.
  size_t detached_executors = 8;

  restart_intensity intensity;
};

/// Describes a node:
///
///   node
///   ├─ guardian     guardian, risk desk, watchdog, notifier
///   ├─ oracle       feed × symbol
///   └─ strategist   allocator, executor × symbol
///
/// The guardian's tree starts first and stops last.
/// @pre `node` and `book` outlive the actors
supervisor_specification node_tree(const node_context& node, directory& book,
                                   const tree_settings& settings);

} // namespace qalpha
