// What both engines do at the edges of a run.

#pragma once

#include "models/execution/reconciliation.hpp"
#include "models/simulation/venue.hpp"
#include "runtime/backtest/backtest.hpp"
#include "runtime/storage/memory_journal.hpp"

#include <optional>
#include <vector>

namespace qalpha {

/// @returns a fault if an instrument's history lacks a column that a plan
/// reads.
std::optional<fault> check_history(const backtest_input& input, size_t index,
                                   const feature_plan& plan);

/// @returns what the strategy reads, or a fault if it cannot be built or the
///          input lacks a column that it reads.
fallible<feature_plan> plan_for(const backtest_input& input);

/// @returns the columns beside the bars of an instrument.
const history_columns& columns_of(const backtest_input& input, size_t index);

/// @returns the venue's answer to a query, from its books.
venue_snapshot snapshot_of(const simulated_venue& venue,
                           const reconcile_query& query);

/// Puts a result together when a run has ended.
backtest_result make_result(const backtest_input& input,
                            const memory_journal& log, account_report account,
                            std::vector<closed_trade> trades,
                            money venue_equity, double seconds);

} // namespace qalpha
