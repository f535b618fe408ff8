#include "runtime/reports/backtest_report.hpp"

#include "runtime/reports/activity.hpp"
#include "runtime/reports/figure_text.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace qalpha {

namespace {

// -- figures
// -------------------------------------------------------------------

void make_finite(figure& x) {
  if (x && !std::isfinite(*x))
    x = fault{"beyond the range of numbers"};
}

/// Tables and JSON have no words for infinity: the report promises numbers.
void make_finite(performance& all) {
  auto& daily = all.daily;
  for (auto* x : {&daily.total, &daily.cagr, &daily.volatility, &daily.sharpe,
                  &daily.sortino, &daily.calmar, &daily.max_drawdown,
                  &daily.ulcer_index, &daily.underwater})
    make_finite(*x);
  auto& trades = all.trades;
  for (auto* x : {&trades.win_rate, &trades.profit_factor, &trades.expectancy,
                  &trades.average_win, &trades.average_loss, &trades.payoff,
                  &trades.best, &trades.worst, &trades.sqn,
                  &trades.average_holding, &trades.longest_holding})
    make_finite(*x);
  for (auto* x : {&all.max_drawdown, &all.exposure, &all.turnover})
    make_finite(*x);
}

/// Says how short a run is in the unit that people think of it.
void explain_shortness(return_statistics& daily, timespan period) {
  if (daily.cagr || daily.count == 0 || daily.count >= fewest_days_for_cagr)
    return;
  auto seconds = std::chrono::duration<double>(period).count();
  auto why = fault{"too short: " + span_text(seconds) + " of "
                   + std::to_string(fewest_days_for_cagr) + " d needed"};
  daily.cagr = why;
  if (!daily.calmar)
    daily.calmar = why;
}

performance measure(const backtest_input& input, const backtest_result& result,
                    timespan period) {
  auto held = bars_in_position(input, result);
  run_activity activity{.bars = result.counts.bars,
                        .bars_in_position = held ? *held : 0,
                        .traded = traded_value(input, result)};
  auto all = evaluate(result.account.curve, result.trades, activity);
  if (!held)
    all.exposure = held.error();
  explain_shortness(all.daily, period);
  make_finite(all);
  return all;
}

figure market_change(const backtest_input& input) {
  auto sum = 0.0;
  for (size_t i = 0; i < input.instruments.size(); ++i) {
    auto& bars = input.bars[i];
    if (bars.empty())
      return fault{"no bars of " + input.instruments[i].name()};
    sum += static_cast<double>(bars.back().close.ticks)
             / static_cast<double>(bars.front().open.ticks)
           - 1;
  }
  if (input.instruments.empty())
    return fault{"no symbols"};
  return sum / static_cast<double>(input.instruments.size());
}

/// @returns part / whole, or a fault if the whole is not positive.
figure share_of(money part, money whole, const char* reason) {
  if (whole.e8 <= 0)
    return fault{reason};
  return to_double(part) / to_double(whole);
}

figure speed_of(const backtest_result& result) {
  // Written so that NaN fails.
  if (!(result.seconds > 0))
    return fault{"too quick to measure"};
  figure speed = static_cast<double>(result.counts.bars) / result.seconds;
  make_finite(speed);
  return speed;
}

// -- data
// ----------------------------------------------------------------------

/// Counts what the run has seen, which can be less than the file.
data_summary summarise(const std::string& symbol, const std::vector<bar>& bars,
                       timespan interval) {
  data_summary result;
  result.symbol = symbol;
  result.bars = bars.size();
  if (bars.empty())
    return result;
  result.from = bars.front().open_time;
  result.to = bars.back().close_time;
  for (size_t i = 0; i < bars.size(); ++i) {
    result.zero_volume_bars += bars[i].volume.lots == 0 ? 1 : 0;
    if (i == 0 || bars[i].open_time <= bars[i - 1].close_time)
      continue;
    auto away = bars[i].open_time - bars[i - 1].close_time;
    ++result.gaps;
    if (interval.count() > 0)
      result.missing_bars += static_cast<uint64_t>(away / interval);
  }
  return result;
}

std::vector<data_summary> summarise_data(const report_source& source) {
  std::vector<data_summary> all;
  auto& input = source.input;
  for (size_t i = 0; i < input.instruments.size(); ++i) {
    all.push_back(summarise(input.instruments[i].name(), input.bars[i],
                            input.bar_interval));
    if (i >= source.data.size())
      continue;
    auto& [file, report] = source.data[i];
    all.back().file = file;
    all.back().sha256 = report.sha256;
    all.back().rounded_prices = report.rounded_prices;
  }
  return all;
}

struct period {
  utc_time from;
  utc_time to;
};

period period_of(const std::vector<data_summary>& data) {
  period result;
  for (auto& one : data) {
    if (one.bars == 0)
      continue;
    if (result.to.ns == 0 || one.from < result.from)
      result.from = one.from;
    result.to = std::max(result.to, one.to);
  }
  return result;
}

// -- account
// -------------------------------------------------------------------

money profit_of(const instrument& rules, const position& x) {
  auto open = x.size.lots == 0 ? money{} : rules.value(x.mark, x.size) - x.cost;
  return x.realised + open - x.fees - x.funding;
}

std::vector<symbol_summary> summarise_symbols(const report_source& source) {
  std::vector<symbol_summary> all;
  auto& input = source.input;
  auto& account = source.result.account.account;
  auto total = account.equity - input.start;
  for (auto& rules : input.instruments) {
    auto index = rules.id().index;
    auto& held = account.positions.at(index);
    auto profit = profit_of(rules, held);
    auto share = total.e8 == 0 ? figure{fault{"no profit"}}
                               : figure{to_double(profit) / to_double(total)};
    make_finite(share);
    auto trades = std::ranges::count(source.result.trades, rules.id(),
                                     &closed_trade::symbol);
    all.push_back({rules.name(), input.bars[index].size(),
                   static_cast<uint64_t>(trades), profit, held.fees,
                   held.funding, share});
  }
  return all;
}

std::vector<refusal_count> count_refusals(const backtest_facts& facts) {
  std::map<risk_gate, uint64_t> counts;
  for (auto& outcome : facts.outcomes)
    if (outcome.result == decision_result::refused)
      ++counts[outcome.gate];
  std::vector<refusal_count> all;
  for (auto& [gate, count] : counts)
    all.push_back({gate, count});
  return all;
}

void add_costs(backtest_report& to, const account_state& books) {
  constexpr auto no_gross = "no gross profit";
  auto costs = books.fees + books.funding;
  to.fees = books.fees;
  to.funding = books.funding;
  to.gross_profit = to.end - to.start + costs;
  to.end_without_costs = to.end + costs;
  to.fees_share = share_of(to.fees, to.gross_profit, no_gross);
  to.funding_share = share_of(to.funding, to.gross_profit, no_gross);
}

} // namespace

backtest_report make_report(const report_source& source) {
  auto& input = source.input;
  auto& result = source.result;
  auto& books = result.account.account;
  auto data = summarise_data(source);
  auto [from, to] = period_of(data);
  backtest_report report{
    .run_hash = result.run_hash,
    .engine = source.engine,
    .config_hash = source.config_hash,
    .counts = result.counts,
    .seconds = std::isfinite(result.seconds) ? result.seconds : 0,
    .bars_per_second = speed_of(result),
    .from = from,
    .to = to,
    .start = input.start,
    .end = books.equity,
    .figures = measure(input, result, to - from),
    .market_change = market_change(input),
    .refusals = count_refusals(result.facts),
    .ledger_difference = books.equity - result.venue_equity,
    .assumptions = {},
    .data = std::move(data),
    .symbols = summarise_symbols(source),
  };
  add_costs(report, books);
  report.assumptions = state_assumptions(source, report);
  return report;
}

} // namespace qalpha
