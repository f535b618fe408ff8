// What every actor answers to "how are you?".

#pragma once

#include "messages/roles.hpp"
#include "models/market/time.hpp"

#include <caf/actor.hpp>
#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace qalpha {

/// Reply to `atom::status`.
struct actor_status {
  /// One word or a few figures: "live", "active", "position 12, target 12".
  std::string state;
  /// Messages waiting at the moment of the answer.
  uint64_t mailbox = 0;
  /// Messages handled in this life.
  uint64_t handled = 0;
  /// Errors survived in this life: unknown messages, error messages.
  uint64_t incidents = 0;
  std::string last_error;

  friend bool operator==(const actor_status&, const actor_status&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, actor_status& x) {
    return f(caf::meta::type_name("actor_status"), x.state, x.mailbox,
             x.handled, x.incidents, x.last_error);
  }
};

/// One child of a supervisor, as the supervisor sees it.
struct child_view {
  std::string name;
  role kind = role::supervisor;
  /// "running", "starting", "backing off", "stopping", "down".
  std::string phase;
  uint32_t restarts = 0;
  /// Why the last life ended; empty if there was none.
  std::string last_error;
  /// Invalid while the child is down.
  caf::actor handle;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, child_view& x) {
    return f(caf::meta::type_name("child_view"), x.name, x.kind, x.phase,
             x.restarts, x.last_error, x.handle);
  }
};

/// Reply of a supervisor to `atom::children`, in the order of start.
struct family {
  std::string name;
  std::string strategy;
  std::vector<child_view> children;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, family& x) {
    return f(caf::meta::type_name("family"), x.name, x.strategy, x.children);
  }
};

} // namespace qalpha
