#include "runtime/backtest/results.hpp"

#include "models/strategies/symbol_strategy.hpp"

#include <utility>

namespace qalpha {

std::optional<fault> check_history(const backtest_input& input, size_t index,
                                   const feature_plan& plan) {
  for (auto column : columns_beside_bars(plan))
    if (columns_of(input, index)[column].size() != input.bars[index].size())
      return fault{input.strategy.name + ": reads the column \""
                   + std::string{market_columns[column].name}
                   + "\", which the history of "
                   + input.instruments[index].name() + " does not have"};
  return std::nullopt;
}

fallible<feature_plan> plan_for(const backtest_input& input) {
  auto plan = plan_of(input.strategy, input.bar_interval);
  if (!plan || !input.features.empty())
    return plan;
  for (size_t i = 0; i < input.instruments.size(); ++i)
    if (auto wrong = check_history(input, i, *plan))
      return *wrong;
  return plan;
}

const history_columns& columns_of(const backtest_input& input, size_t index) {
  static const history_columns none;
  return index < input.columns.size() ? input.columns[index] : none;
}

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
