// The actor tree on a screen.

#pragma once

#include "runtime/node/node_view.hpp"

#include <string>

namespace qalpha {

/// @returns the run, the state of trading and the tree:
///
///   actor              state    mailbox  handled  restarts  last error
///   node               3 of ..        0        0         0
///   ├─ guardian        4 of ..        0        0         0
///   │  └─ risk desk    active         0      812         1  died: ...
///   └─ oracle          ...
///
///          with a column of messages a second if any actor has a rate.
std::string node_text(const node_view& node);

/// @returns all that is known about one actor, and the tree below it.
std::string actor_text(const actor_view& actor);

} // namespace qalpha
