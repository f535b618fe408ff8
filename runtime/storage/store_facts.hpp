// What the node knows, as rows of the stores.

#pragma once

#include "models/execution/decision.hpp"
#include "models/execution/order.hpp"
#include "models/market/bar.hpp"
#include "models/market/feed_health.hpp"
#include "models/market/instrument.hpp"
#include "models/market/market_event.hpp"
#include "models/market/quote.hpp"
#include "models/risk/trading_state.hpp"
#include "runtime/storage/store_sink.hpp"

namespace qalpha {

/// Each appends the row of a fact to its stream. Prices and quantities become
/// decimals, symbols their names, so that a reader needs no table of ours.
void copy(store_sink& out, const universe& all, const decision& fact);
void copy(store_sink& out, const universe& all, const decision_outcome& fact);
void copy(store_sink& out, const universe& all, const order_intent& fact);
void copy(store_sink& out, const universe& all, const order_report& fact);
void copy(store_sink& out, const universe& all, const fill& fact);
void copy(store_sink& out, const universe& all, const funding_payment& fact);

/// Without the code that loosens the state: who reads a copy must not be able
/// to act.
void copy(store_sink& out, const universe& all, const state_changed& fact);

void copy(store_sink& out, const universe& all, const bar_closed& fact);
void copy(store_sink& out, const universe& all, const feed_health& fact);
void copy(store_sink& out, const universe& all, const quote& fact);

/// The trades among the events.
void copy(store_sink& out, const universe& all, const market_batch& batch);

} // namespace qalpha
