#include "runtime/reports/summary_table.hpp"

#include "runtime/reports/figure_text.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace qalpha {

namespace {

constexpr size_t width = 79;
constexpr size_t label_width = 17;
constexpr size_t value_width = 16;
/// Of a value that has the row to itself.
constexpr size_t wide_width = width - label_width - 7;

std::string title(std::string_view text) {
  return fmt::format("{:=^{}}\n", fmt::format(" {} ", text), width);
}

/// The frame of the summary: two pairs of label and value a row; a value that
/// is too long for that has a row to itself.
class frame {
public:
  void add(std::string label, std::string value) {
    if (value.size() > value_width) {
      add_wide(std::move(label), value);
      return;
    }
    auto cell = fmt::format("{:<{}} | {:<{}}", label, label_width, value,
                            value_width);
    if (left_)
      text_ += fmt::format("| {} | {} |\n", *std::exchange(left_, {}), cell);
    else
      left_ = std::move(cell);
  }

  void add_wide(std::string label, std::string_view value) {
    complete_row();
    for (auto& line : wrapped(value, wide_width)) {
      text_ += fmt::format("| {:<{}} | {:<{}} |\n", label, label_width, line,
                           wide_width);
      label.clear();
    }
  }

  /// Ends a group of rows.
  void rule() {
    complete_row();
    text_ += fmt::format("|{:-<{}}|\n", "", width - 2);
  }

  std::string take() {
    complete_row();
    return std::move(text_);
  }

private:
  void complete_row() {
    if (left_)
      add("", "");
  }

  std::optional<std::string> left_;
  std::string text_;
};

// -- values
// --------------------------------------------------------------------

/// @returns date, hour and minute; the assumptions say that they are UTC.
std::string time_text(utc_time time) {
  constexpr size_t to_the_minute = 16;
  return format_utc(time).substr(0, to_the_minute);
}

std::string bound_text(const backtest_report& report, utc_time time) {
  return report.to.ns == 0 ? "no bars" : time_text(time);
}

std::string percent_of(const figure& x, plus_sign plus = plus_sign::hidden) {
  return text_or_reason(x, [&](double v) { return percent_text(v, plus); });
}

std::string number_of(const figure& x) {
  return text_or_reason(x, [](double v) { return number_text(v); });
}

std::string difference_of(const figure& x) {
  return text_or_reason(
    x, [](double v) { return number_text(v, 2, plus_sign::shown); });
}

std::string drawdown_of(const figure& x) {
  // Without the sign: the label says which way it goes.
  return text_or_reason(x, [](double v) { return percent_text(std::abs(v)); });
}

std::string longest_of(const return_statistics& daily) {
  if (daily.longest_drawdown == 0)
    return "none";
  auto text = counted_text(daily.longest_drawdown, "day", "days");
  return daily.longest_is_open ? text + ", open" : text;
}

std::string gates_text(const std::vector<refusal_count>& all) {
  std::string text;
  for (auto& [gate, count] : all)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", to_string(gate),
                        count_text(count));
  return text;
}

// -- groups of rows
// ------------------------------------------------------------

void add_worth(frame& to, const backtest_report& report) {
  auto& figures = report.figures;
  auto profit = report.end - report.start;
  auto share = to_double(profit) / to_double(report.start);
  to.add("Backtesting from", bound_text(report, report.from));
  to.add("Backtesting to", bound_text(report, report.to));
  to.add("Start equity", money_text(report.start));
  to.add("Final equity", money_text(report.end));
  to.add("Profit", money_text(profit, plus_sign::shown));
  to.add("Profit %", percent_text(share, plus_sign::shown));
  to.add("Market change", percent_of(report.market_change, plus_sign::shown));
  to.add("CAGR", percent_of(figures.daily.cagr, plus_sign::shown));
  to.add("Sharpe", number_of(figures.daily.sharpe));
  to.add("Sortino", number_of(figures.daily.sortino));
  to.add("Calmar", number_of(figures.daily.calmar));
  to.add("Volatility, year", percent_of(figures.daily.volatility));
}

void add_drawdown(frame& to, const performance& figures) {
  auto& worst = figures.worst;
  to.add("Max drawdown", drawdown_of(figures.max_drawdown));
  to.add("Drawdown", money_text(worst.trough - worst.peak));
  if (worst.trough < worst.peak) {
    to.add("Peak", money_text(worst.peak));
    to.add("Trough", money_text(worst.trough));
    to.add("Peak at", time_text(worst.peak_time));
    to.add("Trough at", time_text(worst.trough_time));
    auto back = worst.recovered_time;
    to.add("Recovered at", back.ns == 0 ? "not recovered" : time_text(back));
  }
  to.add("Longest below", longest_of(figures.daily));
  to.add("Days below peak", percent_of(figures.daily.underwater));
}

void add_trades(frame& to, const performance& figures) {
  auto& trades = figures.trades;
  auto held = [](double seconds) { return span_text(seconds); };
  auto times = [](double x) { return number_text(x, 1) + "x"; };
  to.add("Closed trades", count_text(trades.count));
  to.add("Long / short", count_text(trades.longs) + " / "
                           + count_text(trades.count - trades.longs));
  to.add("Exposure", percent_of(figures.exposure));
  to.add("Turnover, year", text_or_reason(figures.turnover, times));
  if (trades.count == 0) {
    to.add_wide("Trade figures", trades.win_rate.error().text);
    return;
  }
  to.add("Win rate", percent_of(trades.win_rate));
  to.add("Profit factor", number_of(trades.profit_factor));
  to.add("Expectancy", difference_of(trades.expectancy));
  to.add("Payoff", number_of(trades.payoff));
  to.add("Best trade", difference_of(trades.best));
  to.add("Worst trade", difference_of(trades.worst));
  to.add("Average holding", text_or_reason(trades.average_holding, held));
  to.add("Longest holding", text_or_reason(trades.longest_holding, held));
}

void add_costs(frame& to, const backtest_report& report) {
  to.add("Gross profit", money_text(report.gross_profit, plus_sign::shown));
  to.add("Equity no costs", money_text(report.end_without_costs));
  to.add("Fees paid", money_text(report.fees));
  to.add("Fees / gross", percent_of(report.fees_share));
  to.add("Funding paid", money_text(report.funding));
  to.add("Funding / gross", percent_of(report.funding_share));
}

void add_activity(frame& to, const backtest_report& report) {
  to.add("Decisions", count_text(report.counts.decisions));
  to.add("Refused", count_text(report.counts.refused));
  to.add("Orders", count_text(report.counts.orders));
  to.add("Fills", count_text(report.counts.fills));
  if (!report.refusals.empty())
    to.add_wide("Refused by gate", gates_text(report.refusals));
}

// -- blocks
// --------------------------------------------------------------------

std::string assumption_block(const std::vector<assumption>& all) {
  size_t keys = 0;
  for (auto& one : all)
    keys = std::max(keys, std::min(one.key.size(), size_t{24}));
  auto text = title("ASSUMPTIONS");
  for (auto& [key, value] : all) {
    auto label = wrapped(key, keys).front();
    for (auto& line : wrapped(value, width - keys - 2)) {
      text += fmt::format("{:<{}}  {}\n", label, keys, line);
      label.clear();
    }
  }
  return text;
}

/// @returns the amount, rounded further if it would not fit.
std::string fitted(money amount, size_t columns, plus_sign plus) {
  for (auto decimals : {2, 0})
    if (auto text = money_text(amount, plus, decimals); text.size() <= columns)
      return text;
  return fmt::format("{:.2g}", to_double(amount));
}

std::string fitted_share(const figure& share, size_t columns) {
  auto text = percent_of(share);
  return text.size() <= columns ? text : fmt::format("{:.2g} %", *share * 100);
}

std::string symbol_row(const std::array<std::string, 6>& cells) {
  return fmt::format("| {:<12} | {:>6} | {:>13} | {:>10} | {:>10} | {:>9} |\n",
                     cells[0], cells[1], cells[2], cells[3], cells[4],
                     cells[5]);
}

std::string symbol_block(const std::vector<symbol_summary>& all) {
  auto text = title("SYMBOLS");
  text
    += symbol_row({"Symbol", "Trades", "Profit", "Fees", "Funding", "Share"});
  text += fmt::format("|{:-<{}}|\n", "", width - 2);
  for (auto& one : all)
    text += symbol_row({wrapped(one.name, 12).front(), count_text(one.trades),
                        fitted(one.profit, 13, plus_sign::shown),
                        fitted(one.fees, 10, plus_sign::hidden),
                        fitted(one.funding, 10, plus_sign::hidden),
                        fitted_share(one.share, 9)});
  return text;
}

std::string summary_block(const backtest_report& report) {
  frame rows;
  add_worth(rows, report);
  rows.rule();
  add_drawdown(rows, report.figures);
  rows.rule();
  add_trades(rows, report.figures);
  rows.rule();
  add_costs(rows, report);
  rows.rule();
  add_activity(rows, report);
  return title("SUMMARY METRICS") + rows.take() + std::string(width, '=')
         + "\n";
}

std::string last_line(const backtest_report& report) {
  auto speed = text_or_reason(report.bars_per_second, [](double v) {
    return magnitude_text(v) + " bars/s";
  });
  auto hash = "run hash " + report.run_hash;
  auto pace = fmt::format("{} in {} ({}), engine {}",
                          counted_text(report.counts.bars, "bar", "bars"),
                          wall_time_text(report.seconds), speed, report.engine);
  auto one_line = hash.size() + 3 + pace.size() <= 80;
  return hash + (one_line ? "   " : "\n") + pace + "\n";
}

} // namespace

std::string summary_table(const backtest_report& report) {
  auto text = assumption_block(report.assumptions) + "\n";
  if (report.symbols.size() > 1)
    text += symbol_block(report.symbols);
  return text + summary_block(report) + last_line(report);
}

} // namespace qalpha
