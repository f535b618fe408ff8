// What both engines do at the edges of a run.

#pragma once

#include "models/execution/reconciliation.hpp"
#include "models/simulation/venue.hpp"
#include "runtime/backtest/backtest.hpp"
#include "runtime/storage/memory_journal.hpp"

#include <vector>

namespace qalpha {

/// @returns the venue's answer to a query, from its books.
venue_snapshot snapshot_of(const simulated_venue& venue,
                           const reconcile_query& query);

/// Puts a result together when a run has ended.
backtest_result make_result(const backtest_input& input,
                            const memory_journal& log, account_report account,
                            std::vector<closed_trade> trades,
                            money venue_equity, double seconds);

} // namespace qalpha
