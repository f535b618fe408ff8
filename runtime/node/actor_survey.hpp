// Asks all actors of a node how they are.

#pragma once

#include "messages/interfaces.hpp"
#include "runtime/node/node_view.hpp"

#include <caf/scoped_actor.hpp>

#include <chrono>
#include <vector>

namespace qalpha {

/// The tree, and the handles of its actors in the order of `views`.
struct actor_survey {
  /// One actor and where it is in the tree.
  struct seat {
    actor_view* view;
    /// Invalid while the actor is down.
    caf::actor handle;
  };

  // The seats point into the tree.
  actor_survey() = default;
  actor_survey(const actor_survey&) = delete;
  actor_survey& operator=(const actor_survey&) = delete;

  actor_view tree;
  std::vector<seat> seats;
};

/// Fills in the tree as its supervisors know it: names, phases, restarts. All
/// supervisors of a level are asked at once; one that stays silent has no
/// children here.
void survey_families(caf::scoped_actor& self, const supervisor_actor& top,
                     std::chrono::milliseconds limit, actor_survey& into);

/// Fills in what each actor says itself; all are asked at once.
/// @pre the families are surveyed
void survey_statuses(caf::scoped_actor& self, std::chrono::milliseconds limit,
                     actor_survey& into);

} // namespace qalpha
