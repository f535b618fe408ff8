// All messages, announced to CAF in one block. Names travel, so a renamed type
// is another protocol.

#pragma once

#include "messages/control.hpp"
#include "messages/errors.hpp"
#include "messages/history.hpp"
#include "messages/pulse.hpp"
#include "messages/status.hpp"
#include "messages/wiring.hpp"
#include "models/market/market_event.hpp"
#include "models/risk/account_report.hpp"
#include "models/risk/guardian.hpp"
#include "models/risk/watchdog.hpp"

#include <caf/atom.hpp>
#include <caf/type_id.hpp>

#include <memory>
#include <string>
#include <vector>

namespace qalpha {

class roster;

/// The present handles of all actors; immutable and shared, replaced as a whole
/// when an actor is (re)started.
using roster_ptr = std::shared_ptr<const roster>;

/// Final account and curve; immutable and shared because a curve is long.
using account_report_ptr = std::shared_ptr<const account_report>;

} // namespace qalpha

// Pointers to immutable objects that never leave the process.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(qalpha::roster_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(qalpha::account_report_ptr)

CAF_BEGIN_TYPE_ID_BLOCK(qalpha, caf::first_custom_type_id)

  CAF_ADD_TYPE_ID(qalpha, (qalpha::ec))

  CAF_ADD_TYPE_ID(qalpha, (qalpha::account_query))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::account_report_ptr))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::account_state))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::account_view))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::actor_status))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::alert))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::bar_closed))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::bar_context_known))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::bar_history))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::child_restarted))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::decision))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::decision_outcome))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::escalation))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::family))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::feed_health))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::fill))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::forecast_made))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::funding_payment))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::mark_updated))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::market_batch))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::model_health))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::model_late))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::model_silent))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::models_disagree))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::operator_command))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::order_report))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::order_settled))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::permit))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::permit_refused))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::permit_request))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::policy_advised))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::pulse))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::quote))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::regime_observed))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::roster_ptr))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::state_changed))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::state_taken))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::symbol_id))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::symbol_reconciled))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::target_position))
  CAF_ADD_TYPE_ID(qalpha, (qalpha::venue_snapshot))

  // Asks an actor how it is.
  CAF_ADD_ATOM(qalpha, qalpha::atom, status, "status")
  // Asks a supervisor for its children.
  CAF_ADD_ATOM(qalpha, qalpha::atom, children, "children")
  // Asks a feed for its past bars.
  CAF_ADD_ATOM(qalpha, qalpha::atom, history, "history")
  // Asks the risk desk for the final account.
  CAF_ADD_ATOM(qalpha, qalpha::atom, report, "report")
  // Asks a supervisor to kill a child, to see what happens.
  CAF_ADD_ATOM(qalpha, qalpha::atom, kill, "kill")
  // INTERNAL: a timer of the actor itself.
  CAF_ADD_ATOM(qalpha, qalpha::atom, tick, "tick")
  // INTERNAL: a supervisor's back-off has passed.
  CAF_ADD_ATOM(qalpha, qalpha::atom, restart, "restart")
  // INTERNAL: a child had enough time to stop.
  CAF_ADD_ATOM(qalpha, qalpha::atom, deadline, "deadline")

CAF_END_TYPE_ID_BLOCK(qalpha)
