#define CAF_SUITE reports_summary_table

#include "runtime/reports/summary_table.hpp"

#include "tests/runtime/reports/small_runs.hpp"

#include <caf/test/unit_test.hpp>

#include <limits>
#include <sstream>

using namespace qalpha;
using namespace qalpha::test;

namespace {

/// @returns the table, checked for what holds of every table.
std::string table(const backtest_report& report) {
  auto text = summary_table(report);
  CAF_REQUIRE(!text.empty());
  CAF_CHECK_EQUAL(text.back(), '\n');
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    CAF_CHECK_EQUAL(line.size() <= 80 ? "" : line, "");
    for (auto* bad : {" nan", " inf", "-inf", "-nan"})
      CAF_CHECK_EQUAL(line.find(bad) == std::string::npos ? "" : line, "");
  }
  return text;
}

/// The hash is made up: what the journal traces is not the matter here.
constexpr auto snapshot
  = R"(================================= ASSUMPTIONS =================================
strategy        sma_cross, fast 5, slow 15, short 0
config          backtest.json, hash 00112233445566778899aabbccddeeff
data BTCUSDT    made in memory, 1 440 bars of 1h
gap policy      gaps and zero-volume bars are traded as they are: 0 gaps, 0
                bars missing, 0 bars without volume
rounded prices  none
start equity    10 000.00
fees            maker 0.02 %, taker 0.055 %
slippage        none
fill rule       decision at the close of bar t fills at the open of t+1 at the
                earliest; limits at their own price
volume          not limited: an order of any size fills whole
order kind      market
latency         5ms from decision to matching, constant
funding         0.01 % every 8h, constant, on the value of the position at the
                open; longs pay a positive rate
liquidation     none: margin calls are not simulated
sizing          fixed, 100 % of equity, dead band 10 %
limits          order 50 000.00, position 50 000.00, gross leverage 3x, price
                collar 2 %, 100 orders per 10s
at the end      open positions are valued at the last close and not closed
measures        in quote currency and UTC; returns of days, 365 a year,
                risk-free rate 0; trades after fees and funding, gross before
                them
trials          1
seed            none: nothing is random
ledger check    equal to the venue's books

=============================== SUMMARY METRICS ===============================
| Backtesting from  | 2024-01-01 00:00 | Backtesting to    | 2024-03-01 00:00 |
| Start equity      | 10 000.00        | Final equity      | 9 768.26         |
| Profit            | -231.74          | Profit %          | -2.32 %          |
| Market change     | +4.06 %          | CAGR              | -13.29 %         |
| Sharpe            | -0.72            | Sortino           | -1.11            |
| Calmar            | -1.87            | Volatility, year  | 17.77 %          |
|-----------------------------------------------------------------------------|
| Max drawdown      | 8.09 %           | Drawdown          | -829.31          |
| Peak              | 10 248.87        | Trough            | 9 419.56         |
| Peak at           | 2024-01-08 19:00 | Trough at         | 2024-02-11 05:00 |
| Recovered at      | not recovered    | Longest below     | 52 days, open    |
| Days below peak   | 96.67 %          |                   |                  |
|-----------------------------------------------------------------------------|
| Closed trades     | 52               | Long / short      | 52 / 0           |
| Exposure          | 50.97 %          | Turnover, year    | 629.2x           |
| Win rate          | 36.54 %          | Profit factor     | 0.88             |
| Expectancy        | -4.46            | Payoff            | 1.53             |
| Best trade        | +236.19          | Worst trade       | -126.99          |
| Average holding   | 14.1 h           | Longest holding   | 1.5 d            |
|-----------------------------------------------------------------------------|
| Gross profit      | +416.67          | Equity no costs   | 10 416.67        |
| Fees paid         | 554.91           | Fees / gross      | 133.18 %         |
| Funding paid      | 93.50            | Funding / gross   | 22.44 %          |
|-----------------------------------------------------------------------------|
| Decisions         | 105              | Refused           | 0                |
| Orders            | 105              | Fills             | 104              |
===============================================================================
run hash 0123456789abcdef   1 440 bars in 0.012 s (120.0 k bars/s), engine fused
)";

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST(a_run_of_sixty_days_looks_like_this) {
  auto report = run(make_input(walk(24 * 60, 500'000, 2'500))).report;
  report.run_hash = "0123456789abcdef";
  auto text = table(report);
  CAF_CHECK_EQUAL(text, snapshot);
}

CAF_TEST(the_last_line_names_hash_speed_and_engine) {
  auto report = run(make_input(saw(100, 500'000, 1'000))).report;
  report.run_hash = "0123456789abcdef";
  report.counts.bars = 72'673;
  report.bars_per_second = 6'056'083.0;
  CAF_CHECK(holds(table(report),
                  "\nrun hash 0123456789abcdef   72 673 bars in 0.012 s (6.1 M "
                  "bars/s), engine fused\n"));
  CAF_MESSAGE("too long for one line");
  report.counts.bars = 41'000'000;
  report.seconds = 695.2;
  report.bars_per_second = 58'900.0;
  report.engine = "actors";
  CAF_CHECK(holds(table(report),
                  "\nrun hash 0123456789abcdef\n41 000 000 bars in 695.2 s "
                  "(58.9 k bars/s), engine actors\n"));
  report.seconds = 0;
  report.bars_per_second = fault{"too quick to measure"};
  CAF_CHECK(holds(table(report), "0.000 ms (too quick to measure), engine"));
}

CAF_TEST(several_symbols_have_a_row_each) {
  auto input = make_input(saw(600, 500'000, 1'000));
  CAF_CHECK(!holds(table(run(input).report), "SYMBOLS"));
  add_symbol(input, "ETHUSDT", saw(500, 30'000, 70));
  auto report = run(std::move(input)).report;
  report.symbols[0] = {"BTCUSDT",
                       600,
                       1'234,
                       money{1'234'567 * money::scale},
                       money{15'025'000'000},
                       money{-1'000'000},
                       1.25};
  CAF_CHECK(holds(table(report),
                  "\n| BTCUSDT      |  1 234 | +1 234 567.00 |     150.25 |  "
                  "    -0.01 |  125.00 % |\n| ETHUSDT "));
}

CAF_TEST(no_trade_is_told_once) {
  auto report = run(make_input(slope(24 * 40, 500'000, 500'000))).report;
  auto text = table(report);
  CAF_CHECK(holds(text, "| Trade figures     | no trade was closed "));
  CAF_CHECK(holds(text, "| Sharpe            | all returns are equal "));
  CAF_CHECK(holds(text, "| Profit            | 0.00             |"));
  CAF_CHECK(!holds(text, "Win rate"));
}

CAF_TEST(an_hour_is_too_short_for_a_year) {
  auto text = table(run(make_input(slope(1, 500'000, 501'000))).report);
  CAF_CHECK(
    holds(text, "| CAGR              | too short: 1 h of 30 d needed "));
  CAF_CHECK(
    holds(text, "| Calmar            | too short: 1 h of 30 d needed "));
}

CAF_TEST(a_run_without_bars_has_a_table) {
  auto text = table(run(make_input({})).report);
  CAF_CHECK(holds(text, "| Backtesting from  | no bars "));
  CAF_CHECK(holds(text, "| Market change     | no bars of BTCUSDT "));
}

CAF_TEST(ruin_has_a_table) {
  auto text = table(run_into_ruin().report);
  CAF_CHECK(holds(text, "| CAGR              | -100.00 %        |"));
  CAF_CHECK(holds(text, "| Sharpe            | equity reached zero "));
  CAF_CHECK(holds(text, "| Recovered at      | not recovered "));
}

CAF_TEST(refused_decisions_are_told_by_gate) {
  auto input = make_input(saw(600, 500'000, 1'000));
  input.limits.max_order_notional = money{100 * money::scale};
  auto report = run(std::move(input)).report;
  CAF_CHECK(holds(table(report), "| Refused by gate   | max_order_notional "));
  for (uint8_t gate = 1; gate < 15; ++gate)
    report.refusals.push_back({static_cast<risk_gate>(gate), 1'000});
  table(report);
}

CAF_TEST(books_that_differ_are_seen_in_the_table) {
  auto [input, result, unused] = run(make_input(saw(100, 500'000, 1'000)));
  result.venue_equity += money{150'000'000};
  auto text = table(make_report(source_of(input, result)));
  CAF_CHECK(holds(text, "ERROR: differs from the venue's books by -1.5\n"));
}

CAF_TEST(extreme_values_stay_within_the_frame) {
  auto input = make_input(saw(600, 500'000, 1'000));
  add_symbol(input, std::string(60, 'X'), saw(500, 30'000, 70));
  auto result = *run_fused(input);
  auto source = source_of(input, result);
  source.config_file = std::string(300, 'p') + "\n\x1b[2J";
  auto report = make_report(source);
  constexpr money most{std::numeric_limits<int64_t>::max()};
  report.start = money{1};
  report.end = report.fees = report.funding = most;
  report.figures.daily.cagr = 1e300;
  report.figures.daily.sharpe = -1e300;
  report.counts.decisions = std::numeric_limits<uint64_t>::max();
  report.symbols[0].profit = report.symbols[0].fees = most;
  report.symbols[0].share = 1e300;
  report.symbols[0].trades = 123'456;
  auto text = table(report);
  CAF_MESSAGE("a file name cannot steer the terminal");
  CAF_CHECK_EQUAL(text.find('\x1b'), std::string::npos);
}
