#include "runtime/backtest/prepare.hpp"

#include "runtime/telemetry/time_text.hpp"

#include <utility>

namespace qalpha {

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

} // namespace qalpha
