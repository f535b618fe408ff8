// RISK DESK: approves every order, owns the account.

#pragma once

#include "actors/shell.hpp"
#include "models/risk/risk_desk.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <optional>

namespace qalpha {

struct risk_desk_state;

using risk_desk_pointer = risk_desk_actor::stateful_pointer<risk_desk_state>;

struct risk_desk_state : shell {
  risk_desk_state() = default;

  std::optional<risk_desk> machine;
  std::optional<wire<risk_desk_pointer>> outlet;
  std::optional<routed<wire<risk_desk_pointer>, risk_desk::effects>> out;

  static inline const char* name = "risk_desk";
};

/// Starts with the positions, the peak and the open orders of the journal;
/// gives no permit before the guardian has told it the state of trading.
/// Detached in a live node.
/// @pre `node` outlives the actor
risk_desk_actor::behavior_type run_risk_desk(risk_desk_pointer self,
                                             const node_context* node);

} // namespace qalpha
