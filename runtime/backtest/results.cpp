#include "runtime/backtest/results.hpp"

#include <utility>

namespace qalpha {

venue_snapshot snapshot_of(const simulated_venue& venue,
                           const reconcile_query& query) {
  venue_snapshot result{
    .symbol = query.symbol,
    .time = query.time,
    .position = venue.account().positions[query.symbol.index],
    .open_orders = {}};
  for (auto& order : venue.open_orders())
    if (order.intent.right.id.symbol == query.symbol)
      result.open_orders.push_back(order.intent.right.id);
  return result;
}

backtest_result make_result(const backtest_input& input,
                            const memory_journal& log, account_report account,
                            std::vector<closed_trade> trades,
                            money venue_equity, double seconds) {
  backtest_result result{.run_hash = log.trace().hash(),
                         .account = std::move(account),
                         .trades = std::move(trades),
                         .venue_equity = venue_equity,
                         .seconds = seconds};
  for (auto& bars : input.bars)
    result.counts.bars += bars.size();
  auto& counted = log.counts();
  result.counts.decisions = counted.decisions;
  result.counts.refused = counted.refused;
  result.counts.orders = counted.orders;
  result.counts.fills = counted.fills;
  auto& kept = log.facts();
  result.facts = {kept.decisions, kept.outcomes, kept.orders,
                  kept.reports,   kept.fills,    kept.payments};
  return result;
}

} // namespace qalpha
