// Who hears what: the one place that connects the machines.
//
//          FORECASTER, REGIME DETECTOR, POLICY
//             ▲                    │
//             │ bar_closed         │ what they say
//             │                    ▼
//  VENUE ─▶ FEED ──bar_closed──▶ ALLOCATOR ──target_position──▶ EXECUTOR ─▶
//  VENUE
//             │                    │   ▲                          │   ▲
//       mark, health         account_query, view         permit_request, permit
//             ▼                    ▼   │                          ▼   │
//             └─────────────────▶  RISK DESK  ◀───────────────────────┘
//
// The actors send along these routes, the fused backtest engine calls along
// them. For each fact the listeners stand in the order in which they hear it:
// the journal before the venue, what protects before what explains.

#pragma once

#include "messages/roles.hpp"
#include "models/execution/decision.hpp"
#include "models/execution/ledger.hpp"
#include "models/execution/order.hpp"
#include "models/execution/reconciliation.hpp"
#include "models/market/bar.hpp"
#include "models/market/bar_context.hpp"
#include "models/market/book_wanted.hpp"
#include "models/market/feed_health.hpp"
#include "models/market/quote.hpp"
#include "models/outlook/model_health.hpp"
#include "models/outlook/opinions.hpp"
#include "models/outlook/outlook.hpp"
#include "models/risk/account_state.hpp"
#include "models/risk/alert.hpp"
#include "models/risk/permit_request.hpp"
#include "models/risk/trading_state.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace qalpha {

/// Listeners of a fact; a fact without an audience does not compile.
template <class Fact>
struct audience;

template <role... Roles>
struct heard_by {
  static constexpr std::array<role, sizeof...(Roles)> to{Roles...};
};

// -- told by FEED -------------------------------------------------------------

template <>
struct audience<feed_health>
  : heard_by<role::risk_desk, role::executor, role::guardian, role::watchdog> {
};

template <>
struct audience<mark_updated> : heard_by<role::risk_desk, role::executor> {};

template <>
struct audience<quote> : heard_by<role::executor> {};

template <>
struct audience<bar_context_known>
  : heard_by<role::allocator, role::forecaster, role::regime_detector,
             role::policy> {};

template <>
struct audience<bar_closed> : heard_by<role::allocator, role::forecaster,
                                       role::regime_detector, role::policy> {};

template <>
struct audience<book_wanted> : heard_by<role::market> {};

// -- told by FORECASTER, REGIME DETECTOR and POLICY ---------------------------

template <>
struct audience<forecast_made> : heard_by<role::allocator> {};

template <>
struct audience<regime_observed> : heard_by<role::allocator> {};

template <>
struct audience<policy_advised> : heard_by<role::allocator> {};

template <>
struct audience<model_silent> : heard_by<role::allocator> {};

template <>
struct audience<model_health> : heard_by<role::guardian, role::watchdog> {};

// -- told by ALLOCATOR --------------------------------------------------------

template <>
struct audience<account_query> : heard_by<role::risk_desk> {};

template <>
struct audience<decision> : heard_by<role::journal> {};

template <>
struct audience<model_late> : heard_by<role::guardian, role::watchdog> {};

template <>
struct audience<models_disagree> : heard_by<role::guardian, role::watchdog> {};

template <>
struct audience<target_position> : heard_by<role::executor> {};

// -- told by EXECUTOR ---------------------------------------------------------

template <>
struct audience<permit_request> : heard_by<role::risk_desk> {};

template <>
struct audience<order_intent> : heard_by<role::journal, role::venue> {};

template <>
struct audience<cancel_order> : heard_by<role::venue> {};

template <>
struct audience<query_order> : heard_by<role::venue> {};

template <>
struct audience<reconcile_query> : heard_by<role::venue> {};

template <>
struct audience<fill> : heard_by<role::risk_desk, role::notifier> {};

template <>
struct audience<funding_payment> : heard_by<role::risk_desk, role::notifier> {};

template <>
struct audience<order_settled> : heard_by<role::risk_desk, role::watchdog> {};

template <>
struct audience<decision_outcome> : heard_by<role::journal, role::notifier> {};

template <>
struct audience<symbol_reconciled> : heard_by<role::guardian> {};

// -- told by RISK DESK --------------------------------------------------------

template <>
struct audience<permit> : heard_by<role::executor> {};

template <>
struct audience<permit_refused> : heard_by<role::executor> {};

template <>
struct audience<account_view> : heard_by<role::allocator> {};

template <>
struct audience<account_state>
  : heard_by<role::journal, role::guardian, role::notifier> {};

template <>
struct audience<closed_trade> : heard_by<role::recorder> {};

// -- told by GUARDIAN ---------------------------------------------------------

template <>
struct audience<state_changed>
  : heard_by<role::risk_desk, role::executor, role::journal, role::notifier> {};

// -- told by WATCHDOG ---------------------------------------------------------

template <>
struct audience<alert> : heard_by<role::notifier> {};

// -- delivery -----------------------------------------------------------------

/// Symbol whose feed or executor a fact is for.
template <class Fact>
constexpr symbol_id symbol_of(const Fact& fact) {
  if constexpr (requires { fact.symbol; })
    return fact.symbol;
  else if constexpr (requires { fact.id.symbol; })
    return fact.id.symbol;
  else
    return fact.decision.symbol;
}

/// Calls `deliver.template operator()<role>(fact)` for each listener in order.
template <class Fact, class Deliver>
constexpr void for_each_listener(const Fact& fact, Deliver&& deliver) {
  [&]<size_t... Is>(std::index_sequence<Is...>) {
    (deliver.template operator()<audience<Fact>::to[Is]>(fact), ...);
  }
  (std::make_index_sequence<audience<Fact>::to.size()>{});
}

} // namespace qalpha
