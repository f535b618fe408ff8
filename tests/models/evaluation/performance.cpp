#define CAF_SUITE performance

#include "models/evaluation/performance.hpp"

#include "tests/models/golden_files.hpp"

#include "models/market/decimal.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr int64_t day = 86'400'000'000'000;

/// Compares with a golden number; null and "inf" there mean absent here.
void check(const std::string& what, const figure& ours,
           const rapidjson::Value& golden) {
  auto expected = number_of(golden);
  CAF_MESSAGE(what << ": "
                   << (ours ? std::to_string(*ours) : ours.error().text));
  if (std::isnan(expected))
    CAF_CHECK(!ours);
  else
    CAF_CHECK(ours && close_to(*ours, expected));
}

std::string reason_of(const figure& x) {
  return x ? "present" : x.error().text;
}

closed_trade trade(int64_t profit, int64_t lots = 1, int64_t opened = 1,
                   int64_t closed = 2) {
  return {{}, {opened}, {closed}, {lots}, {profit * money::scale}};
}

std::vector<closed_trade> golden_trades(const std::string& name) {
  auto file = "backtest/trades_" + name + ".csv";
  auto sizes = golden_numbers(file, "size");
  auto profits = golden_numbers(file, "pnl_net");
  auto opened = golden_numbers(file, "entry_ts");
  auto closed = golden_numbers(file, "exit_ts");
  std::vector<closed_trade> result;
  for (size_t i = 0; i < sizes.size(); ++i)
    result.push_back({{},
                      {std::llround(opened[i]) * 1'000'000},
                      {std::llround(closed[i]) * 1'000'000},
                      {std::llround(sizes[i] * 10'000)},
                      {std::llround(profits[i] * money::scale)}});
  return result;
}

} // namespace

CAF_TEST(returns_equal_golden_values) {
  auto golden = golden_json("backtest/metrics.json");
  for (const auto& entry : golden.GetObject()) {
    auto name = std::string{entry.name.GetString()};
    // Our rule for ruin differs, see below.
    if (name == "ruin")
      continue;
    CAF_MESSAGE("-- " << name);
    auto returns = golden_numbers("backtest/returns.csv", name);
    CAF_CHECK_EQUAL(returns.size(), entry.value["n"].GetUint());
    for (auto year : {365, 8'760, 252}) {
      auto ours = measure_returns(returns, year);
      auto key = "empyrical_ann" + std::to_string(year);
      const auto& theirs = entry.value[key.c_str()];
      check("cagr", ours.cagr, theirs["cagr"]);
      check("volatility", ours.volatility, theirs["annual_volatility"]);
      check("sharpe", ours.sharpe, theirs["sharpe_ratio"]);
      check("sortino", ours.sortino, theirs["sortino_ratio"]);
      check("calmar", ours.calmar, theirs["calmar_ratio"]);
    }
    auto ours = measure_returns(returns, 365);
    const auto& theirs = entry.value["empyrical"];
    check("total", ours.total, theirs["cum_returns_final"]);
    check("drawdown", ours.max_drawdown, theirs["max_drawdown"]);
  }
}

CAF_TEST(drawdowns_equal_golden_values) {
  auto golden = golden_json("backtest/metrics.json");
  auto returns = golden_numbers("backtest/returns.csv", "daily_t5");
  auto ours = measure_returns(returns, 365);
  const auto& theirs = golden["daily_t5"];
  // It did not end. The reference counts from the first day below the peak,
  // that day included, which is as many as from the peak.
  const auto& details = theirs["quantstats_drawdown_details"];
  CAF_CHECK_EQUAL(ours.longest_drawdown, details["max_days"].GetUint());
  CAF_CHECK(ours.longest_is_open);
  auto depths = golden_numbers("backtest/drawdown_curves.csv",
                               "daily_t5.drawdown_incl_start");
  auto squares = 0.0;
  auto below = 0.0;
  for (auto x : depths) {
    squares += x * x;
    below += x < 0 ? 1 : 0;
  }
  auto count = static_cast<double>(depths.size());
  CAF_CHECK(close_to(*ours.ulcer_index, std::sqrt(squares / count)));
  CAF_CHECK(close_to(*ours.underwater, below / count));
}

CAF_TEST(ruin_has_no_ratios) {
  auto returns = golden_numbers("backtest/returns.csv", "ruin");
  auto ours = measure_returns(returns, 365);
  CAF_CHECK(*ours.total == -1);
  CAF_CHECK(*ours.cagr == -1);
  CAF_CHECK(*ours.max_drawdown == -1);
  CAF_CHECK_EQUAL(reason_of(ours.sharpe), "equity reached zero");
  CAF_CHECK_EQUAL(reason_of(ours.calmar), "equity reached zero");
}

CAF_TEST(what_cannot_be_computed_says_why) {
  CAF_CHECK_EQUAL(reason_of(measure_returns({}, 365).total),
                  "no period has passed");
  std::vector<double> one{0.01};
  CAF_CHECK_EQUAL(reason_of(measure_returns(one, 365).sharpe),
                  "one return has no deviation");
  std::vector<double> equal(40, 0.001);
  auto constant = measure_returns(equal, 365, 30);
  CAF_CHECK_EQUAL(reason_of(constant.sharpe), "all returns are equal");
  CAF_CHECK_EQUAL(reason_of(constant.sortino), "no period lost");
  CAF_CHECK_EQUAL(reason_of(constant.calmar), "equity never fell");
  equal.resize(29);
  auto brief = measure_returns(equal, 365, 30);
  CAF_CHECK_EQUAL(reason_of(brief.cagr), "too short: 29 days of 30 needed");
  CAF_CHECK_EQUAL(reason_of(brief.calmar), "too short: 29 days of 30 needed");
}

CAF_TEST(drawdowns_are_measured_from_peak_to_peak) {
  std::vector<double> returns{0.1, -0.1, 0.2, -0.5, 0.1, 0.1};
  auto ours = measure_returns(returns, 365);
  CAF_CHECK_EQUAL(ours.longest_drawdown, 3u);
  CAF_CHECK(ours.longest_is_open);
  CAF_CHECK(close_to(*ours.underwater, 4.0 / 6));
  std::vector<double> early{-0.1, 0.05, 0.05, 0.2, -0.1};
  ours = measure_returns(early, 365);
  CAF_CHECK_EQUAL(ours.longest_drawdown, 4u);
  CAF_CHECK(!ours.longest_is_open);
  std::vector<double> rising{0.1, 0.1};
  CAF_CHECK_EQUAL(measure_returns(rising, 365).longest_drawdown, 0u);
}

CAF_TEST(trades_equal_golden_values) {
  auto golden = golden_json("backtest/trade_stats.json");
  for (auto name : {"mixed", "all_win", "no_trades", "single_loss"}) {
    CAF_MESSAGE("-- " << name);
    auto trades = golden_trades(name);
    auto ours = measure_trades(trades);
    const auto& theirs = golden[name];
    const auto& reference = theirs["backtesting_py"];
    CAF_CHECK_EQUAL(ours.count, theirs["n"].GetUint());
    auto profit = theirs["plain"]["gross_profit"].GetDouble();
    auto loss = theirs["plain"]["gross_loss"].GetDouble();
    // Each profit is rounded to 1e-8.
    CAF_CHECK(std::abs(to_double(ours.gross_profit) - profit) < 1e-6);
    CAF_CHECK(std::abs(to_double(ours.gross_loss) + loss) < 1e-6);
    if (trades.empty()) {
      CAF_CHECK_EQUAL(reason_of(ours.win_rate), "no trade was closed");
      CAF_CHECK_EQUAL(reason_of(ours.profit_factor), "no trade was closed");
      continue;
    }
    CAF_CHECK(
      close_to(*ours.win_rate * 100, reference["Win Rate [%]"].GetDouble()));
    if (loss > 0)
      CAF_CHECK(close_to(*ours.profit_factor, profit / loss, 1e-7));
    else
      CAF_CHECK_EQUAL(reason_of(ours.profit_factor), "no trade lost");
    auto sqn = number_of(reference["SQN"]);
    CAF_CHECK(std::isnan(sqn) ? !ours.sqn : close_to(*ours.sqn, sqn, 1e-7));
    CAF_CHECK(close_to(*ours.longest_holding,
                       reference["Max. Trade Duration"].GetDouble()));
    if (theirs["freqtrade"].IsObject()) {
      auto expected = theirs["freqtrade"]["expectancy"][0].GetDouble();
      CAF_CHECK(close_to(*ours.expectancy, expected, 1e-7));
    }
  }
}

CAF_TEST(trades_of_zero_are_neither_won_nor_lost) {
  std::vector<closed_trade> trades{trade(3), trade(1),  trade(0),
                                   trade(2), trade(-1), trade(-2, -1)};
  auto ours = measure_trades(trades);
  CAF_CHECK_EQUAL(ours.wins, 3u);
  CAF_CHECK_EQUAL(ours.losses, 2u);
  CAF_CHECK_EQUAL(ours.longs, 5u);
  CAF_CHECK_EQUAL(ours.most_wins_in_a_row, 2u);
  CAF_CHECK_EQUAL(ours.most_losses_in_a_row, 2u);
  CAF_CHECK(close_to(*ours.win_rate, 0.5));
  CAF_CHECK(close_to(*ours.profit_factor, 2));
  CAF_CHECK(close_to(*ours.expectancy, 0.5));
  CAF_CHECK(close_to(*ours.average_win, 2));
  CAF_CHECK(close_to(*ours.average_loss, -1.5));
  CAF_CHECK(close_to(*ours.payoff, 4.0 / 3));
  CAF_CHECK(close_to(*ours.best, 3));
  CAF_CHECK(close_to(*ours.worst, -2));
}

CAF_TEST(unknown_begins_have_no_holding_time) {
  std::vector<closed_trade> trades{trade(1, 1, 0, day)};
  CAF_CHECK_EQUAL(reason_of(measure_trades(trades).longest_holding),
                  "no trade has a known begin");
  trades.push_back(trade(1, 1, day, 2 * day));
  CAF_CHECK(close_to(*measure_trades(trades).average_holding, 86'400));
}

CAF_TEST(a_run_is_evaluated_from_its_curve) {
  equity_curve curve{{100 * money::scale}};
  CAF_MESSAGE("40 days up by one, with a dip to 50 during the tenth");
  for (int64_t i = 1; i <= 40; ++i) {
    if (i == 10)
      curve.add({i * day - day / 2}, {50 * money::scale});
    curve.add({i * day}, {(100 + i) * money::scale});
  }
  curve.finish();
  auto traded = money{1'205 * money::scale};
  std::vector<closed_trade> trades{trade(40)};
  auto ours = evaluate(curve, trades, {400, 100, traded});
  CAF_CHECK_EQUAL(ours.start.e8, 100 * money::scale);
  CAF_CHECK_EQUAL(ours.end.e8, 140 * money::scale);
  CAF_CHECK_EQUAL(ours.daily.count, 40u);
  CAF_CHECK(close_to(*ours.daily.total, 0.4));
  CAF_CHECK(close_to(*ours.daily.cagr, std::pow(1.4, 365.0 / 40) - 1));
  CAF_CHECK(*ours.daily.max_drawdown == 0);
  CAF_CHECK(close_to(*ours.max_drawdown, 50.0 / 109 - 1));
  CAF_CHECK_EQUAL(ours.worst.trough_time.ns, 10 * day - day / 2);
  CAF_CHECK_EQUAL(ours.worst.recovered_time.ns, 10 * day);
  CAF_CHECK(close_to(*ours.exposure, 0.25));
  CAF_MESSAGE("mean equity is 120");
  CAF_CHECK(close_to(*ours.turnover, 1'205.0 / 120 * 365 / 40));
  CAF_CHECK_EQUAL(ours.trades.count, 1u);
}

CAF_TEST(an_empty_run_has_reasons) {
  equity_curve curve{{100 * money::scale}};
  curve.finish();
  auto ours = evaluate(curve, {}, {});
  CAF_CHECK_EQUAL(reason_of(ours.daily.sharpe), "no period has passed");
  CAF_CHECK_EQUAL(reason_of(ours.exposure), "no bar was seen");
  CAF_CHECK_EQUAL(reason_of(ours.turnover), "the traded value was not counted");
  CAF_CHECK(*ours.max_drawdown == 0);
}
