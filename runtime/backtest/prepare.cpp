#include "runtime/backtest/prepare.hpp"

#include "models/strategies/symbol_strategy.hpp"
#include "runtime/features/market_table.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace qalpha {

namespace {

bool same_rows(const std::vector<bar>& bars, const market_table& table) {
  return std::equal(
    bars.begin(), bars.end(), table.times.begin(), table.times.end(),
    [](const bar& x, utc_time open) { return x.open_time == open; });
}

} // namespace

fallible<universe> make_universe(const std::vector<instrument_rules>& rules) {
  universe result;
  for (auto& one : rules) {
    symbol_id id{static_cast<uint16_t>(result.size())};
    auto made = instrument::make(id, one);
    if (!made)
      return made.error();
    result.push_back(std::move(*made));
  }
  return result;
}

fallible<prepared_backtest> prepare_backtest(const node_config& config) {
  auto instruments = make_universe(config.symbols);
  if (!instruments)
    return instruments.error();
  prepared_backtest result;
  auto& input = result.input;
  for (auto& rules : *instruments) {
    auto file = config.data.files.find(rules.name());
    if (file == config.data.files.end())
      return fault{"data.files." + rules.name()
                   + ": expected a CSV file of bars (or --data " + rules.name()
                   + "=FILE)"};
    auto bars = read_bars(file->second, rules,
                          {.interval = config.data.interval});
    if (!bars)
      return bars.error();
    if (!result.data.empty()
        && bars->report.interval != result.data.front().interval)
      return fault{file->second + ": expected bars of "
                   + format_timespan(result.data.front().interval)
                   + " as in the other files, found bars of "
                   + format_timespan(bars->report.interval)};
    input.bars.push_back(std::move(bars->bars));
    result.data.push_back(std::move(bars->report));
  }
  input.instruments = std::move(*instruments);
  input.bar_interval = result.data.front().interval;
  input.start = config.cash;
  input.strategy = config.strategy;
  input.sizing = config.sizing;
  input.execution = config.execution;
  input.limits = config.risk;
  input.venue = config.venue;
  return result;
}

fallible<std::vector<history_columns>>
read_columns(const node_config& config, const backtest_input& input,
             const std::vector<feature_reader>& readers) {
  std::vector<history_columns> result;
  // Who reads each column.
  std::map<size_t, std::string> wanted;
  for (auto& reader : readers)
    for (auto which : columns_beside_bars(reader.plan))
      wanted.emplace(which, reader.name);
  if (wanted.empty())
    return result;
  for (size_t i = 0; i < input.instruments.size(); ++i) {
    auto& file = config.data.files.at(input.instruments[i].name());
    auto table = read_market_table(file, input.bar_interval);
    if (!table)
      return table.error();
    if (!same_rows(input.bars[i], *table))
      return fault{file + ": expected the same rows again, found others"};
    auto& columns = result.emplace_back();
    for (auto& [which, who] : wanted) {
      columns[which] = std::move(table->columns[which]);
      if (columns[which].empty())
        return fault{file + ": expected the column "
                     + std::string{market_columns[which].name} + ", which "
                     + who + " reads, found none"};
    }
  }
  return result;
}

} // namespace qalpha
