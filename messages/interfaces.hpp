// The typed interface of each actor, and the roster that holds their handles.
//
// Every actor also
//  - takes the roster whenever a handle in it changes, and
//  - answers `atom::status`.

#pragma once

#include "messages/type_ids.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <array>
#include <vector>

namespace qalpha {

/// Keeps book, bars and health of one symbol.
using feed_actor = caf::typed_actor<
  // -- from VENUE
  caf::reacts_to<market_batch>, caf::reacts_to<bar_closed>,
  caf::reacts_to<bar_history>,
  // -- from ALLOCATOR: the bars so far, after its own restart.
  caf::replies_to<atom::history>::with<bar_history>, caf::reacts_to<pulse>,
  caf::reacts_to<roster_ptr>,
  caf::replies_to<atom::status>::with<actor_status>>;

/// Asks one model about each bar: FORECASTER, REGIME DETECTOR and POLICY.
using model_actor = caf::typed_actor<
  // -- from FEED
  caf::reacts_to<bar_context_known>, caf::reacts_to<bar_closed>,
  caf::reacts_to<bar_history>,
  // INTERNAL: time for the bar that has waited longest.
  caf::reacts_to<atom::tick>, caf::reacts_to<pulse>, caf::reacts_to<roster_ptr>,
  caf::replies_to<atom::status>::with<actor_status>>;

/// Runs the strategies and sizes their positions.
using allocator_actor = caf::typed_actor<
  // -- from FEED
  caf::reacts_to<bar_context_known>, caf::reacts_to<bar_closed>,
  caf::reacts_to<bar_history>,
  // -- from FORECASTER, REGIME DETECTOR and POLICY
  caf::reacts_to<forecast_made>, caf::reacts_to<regime_observed>,
  caf::reacts_to<policy_advised>, caf::reacts_to<model_silent>,
  // -- from RISK DESK
  caf::reacts_to<account_view>, caf::reacts_to<pulse>,
  caf::reacts_to<roster_ptr>,
  caf::replies_to<atom::status>::with<actor_status>>;

/// Brings the position of one symbol to its target.
using executor_actor = caf::typed_actor<
  // -- from ALLOCATOR
  caf::reacts_to<target_position>,
  // -- from RISK DESK
  caf::reacts_to<permit>, caf::reacts_to<permit_refused>,
  // -- from FEED
  caf::reacts_to<mark_updated>, caf::reacts_to<quote>,
  caf::reacts_to<feed_health>,
  // -- from VENUE
  caf::reacts_to<order_report>, caf::reacts_to<fill>,
  caf::reacts_to<funding_payment>, caf::reacts_to<venue_snapshot>,
  // -- from GUARDIAN: urgent; acknowledged with `state_taken`.
  caf::reacts_to<state_changed>, caf::reacts_to<pulse>,
  caf::reacts_to<roster_ptr>,
  caf::replies_to<atom::status>::with<actor_status>>;

/// Approves every order; the one writer of the account.
using risk_desk_actor = caf::typed_actor<
  // -- from EXECUTOR
  caf::reacts_to<permit_request>, caf::reacts_to<order_settled>,
  caf::reacts_to<fill>, caf::reacts_to<funding_payment>,
  // -- from FEED
  caf::reacts_to<mark_updated>, caf::reacts_to<feed_health>,
  // -- from ALLOCATOR
  caf::reacts_to<account_query>,
  // -- from GUARDIAN
  caf::reacts_to<state_changed>,
  // -- from the runtime: the account at the end of a run.
  caf::replies_to<atom::report>::with<account_report_ptr>,
  caf::reacts_to<pulse>, caf::reacts_to<roster_ptr>,
  caf::replies_to<atom::status>::with<actor_status>>;

/// Decides about the state of trading.
using guardian_actor = caf::typed_actor<
  // -- from people: what was done, or `ec::refused` with the reason.
  caf::replies_to<operator_command>::with<std::string>,
  // -- from EXECUTOR
  caf::reacts_to<symbol_reconciled>, caf::reacts_to<state_taken>,
  // -- from RISK DESK
  caf::reacts_to<account_state>,
  // -- from FEED
  caf::reacts_to<feed_health>,
  // -- from FORECASTER, REGIME DETECTOR, POLICY and ALLOCATOR
  caf::reacts_to<model_health>, caf::reacts_to<model_late>,
  caf::reacts_to<models_disagree>,
  // -- from SUPERVISOR
  caf::reacts_to<escalation>,
  // INTERNAL: the acknowledgements of this gate epoch are due.
  caf::reacts_to<atom::deadline, uint64_t>, caf::reacts_to<roster_ptr>,
  caf::replies_to<atom::status>::with<actor_status>>;

/// Notices what goes wrong.
using watchdog_actor = caf::typed_actor<
  // -- from FEED
  caf::reacts_to<feed_health>,
  // -- from EXECUTOR
  caf::reacts_to<order_settled>,
  // -- from FORECASTER, REGIME DETECTOR, POLICY and ALLOCATOR
  caf::reacts_to<model_health>, caf::reacts_to<model_late>,
  caf::reacts_to<models_disagree>,
  // -- from SUPERVISOR
  caf::reacts_to<child_restarted>,
  // -- a pulse came out of the pipeline
  caf::reacts_to<pulse>,
  // INTERNAL: time to look at the clock.
  caf::reacts_to<atom::tick>, caf::reacts_to<roster_ptr>,
  caf::replies_to<atom::status>::with<actor_status>>;

/// Tells people.
using notifier_actor
  = caf::typed_actor<caf::reacts_to<fill>, caf::reacts_to<funding_payment>,
                     caf::reacts_to<decision_outcome>,
                     caf::reacts_to<account_state>,
                     caf::reacts_to<state_changed>, caf::reacts_to<alert>,
                     caf::reacts_to<roster_ptr>,
                     caf::replies_to<atom::status>::with<actor_status>>;

/// Starts, watches, restarts and stops its children.
using supervisor_actor = caf::typed_actor<
  caf::replies_to<atom::children>::with<family>,
  // Kills the running child of that name; `ec::not_running` if there is none.
  caf::replies_to<atom::kill, std::string>::with<std::string>,
  // INTERNAL: a back-off has passed (generation).
  caf::reacts_to<atom::restart, uint64_t>,
  // INTERNAL: a child had enough time to stop (generation).
  caf::reacts_to<atom::deadline, uint64_t>,
  caf::replies_to<atom::status>::with<actor_status>>;

/// Handles of all actors of a node; a handle is invalid while its actor is
/// down.
class roster {
public:
  /// Those that ask models.
  std::array<const model_actor*, model_role_count> models() const noexcept {
    return {&forecaster, &regime_detector, &policy};
  }

  std::vector<feed_actor> feeds;
  std::vector<executor_actor> executors;
  /// Invalid too while no such model is configured.
  model_actor forecaster;
  model_actor regime_detector;
  model_actor policy;
  allocator_actor allocator;
  risk_desk_actor risk_desk;
  guardian_actor guardian;
  watchdog_actor watchdog;
  notifier_actor notifier;
};

} // namespace qalpha
