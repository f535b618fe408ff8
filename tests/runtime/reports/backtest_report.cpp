#define CAF_SUITE reports_backtest_report

#include "runtime/reports/backtest_report.hpp"

#include "runtime/reports/activity.hpp"
#include "tests/runtime/reports/small_runs.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <limits>

using namespace qalpha;
using namespace qalpha::test;

namespace {

bool close_to(const figure& x, double expected) {
  return x && std::abs(*x - expected) < 1e-9;
}

std::string value_of(const backtest_report& report, const std::string& key) {
  auto found = std::ranges::find(report.assumptions, key, &assumption::key);
  return found == report.assumptions.end() ? "absent" : found->value;
}

uint64_t held_bars(const small_run& x) {
  return *bars_in_position(x.input, x.result);
}

} // namespace

CAF_TEST(costs_are_what_equity_lacks) {
  auto [input, result, report] = run(make_input(saw(600, 500'000, 1'000)));
  auto& books = result.account.account;
  CAF_CHECK(report.fees.e8 > 0);
  CAF_CHECK_EQUAL(report.fees.e8, books.fees.e8);
  CAF_CHECK_EQUAL((report.end_without_costs - report.fees - report.funding).e8,
                  report.end.e8);
  CAF_CHECK_EQUAL((report.start + report.gross_profit).e8,
                  report.end_without_costs.e8);
  CAF_CHECK(close_to(report.fees_share,
                     to_double(report.fees) / to_double(report.gross_profit)));
  CAF_CHECK_EQUAL(report.ledger_difference.e8, 0);
}

CAF_TEST(symbols_add_up_to_the_account) {
  auto input = make_input(saw(600, 500'000, 1'000));
  add_symbol(input, "ETHUSDT", saw(500, 30'000, 70));
  auto report = run(std::move(input)).report;
  money profit;
  money fees;
  money funding;
  uint64_t trades = 0;
  auto share = 0.0;
  for (auto& one : report.symbols) {
    profit += one.profit;
    fees += one.fees;
    funding += one.funding;
    trades += one.trades;
    share += *one.share;
  }
  CAF_CHECK_EQUAL(profit.e8, (report.end - report.start).e8);
  CAF_CHECK_EQUAL(fees.e8, report.fees.e8);
  CAF_CHECK_EQUAL(funding.e8, report.funding.e8);
  CAF_CHECK_EQUAL(trades, report.figures.trades.count);
  CAF_CHECK(close_to(share, 1));
}

CAF_TEST(market_change_weighs_symbols_equally) {
  auto input = make_input(slope(48, 500'000, 600'000));
  add_symbol(input, "ETHUSDT", slope(48, 30'000, 24'000));
  CAF_CHECK(close_to(run(input).report.market_change, 0));
  input.bars[1] = slope(48, 30'000, 30'000);
  CAF_CHECK(close_to(run(input).report.market_change, 0.1));
  input.bars[1].clear();
  auto none = run(input).report.market_change;
  CAF_REQUIRE(!none);
  CAF_CHECK_EQUAL(none.error().text, "no bars of ETHUSDT");
}

CAF_TEST(exposure_is_the_same_from_fills_and_from_trades) {
  auto all = run(make_input(saw(600, 500'000, 1'000)));
  // Flat at the end, so that the round trips say everything.
  auto last = all.result.trades.back().closed;
  auto bars = all.input.bars[0];
  std::erase_if(bars, [&](auto& x) { return x.open_time > last; });
  auto kept = run(make_input(bars));
  auto input = make_input(bars);
  input.keep_facts = false;
  auto counted = run(std::move(input));
  CAF_CHECK(held_bars(kept) > 0);
  CAF_CHECK_EQUAL(held_bars(kept), held_bars(counted));
  CAF_CHECK(close_to(counted.report.figures.exposure,
                     static_cast<double>(held_bars(kept))
                       / static_cast<double>(bars.size())));
}

CAF_TEST(a_bar_counts_if_the_position_exists_at_its_close) {
  auto input = make_input(slope(10, 500'000, 510'000));
  input.strategy = {"buy_and_hold", {}};
  CAF_MESSAGE("decided at the close of the first bar, filled in the second");
  CAF_CHECK_EQUAL(held_bars(run(input)), 9u);
  input.venue.order_latency = timespan{0};
  CAF_CHECK_EQUAL(held_bars(run(input)), 9u);
  input.keep_facts = false;
  auto report = run(input).report;
  CAF_REQUIRE(!report.figures.exposure);
  CAF_CHECK_EQUAL(report.figures.exposure.error().text,
                  "a position is open and the fills were not kept");
  CAF_CHECK(!report.figures.turnover);
}

CAF_TEST(refusals_are_counted_by_gate) {
  auto input = make_input(saw(600, 500'000, 1'000));
  input.limits.max_order_notional = money{100 * money::scale};
  auto [unused, result, report] = run(std::move(input));
  CAF_CHECK(result.counts.refused > 0);
  std::vector<refusal_count> expected{
    {risk_gate::max_order_notional, result.counts.refused}};
  CAF_CHECK(report.refusals == expected);
}

CAF_TEST(gaps_are_counted_in_the_bars_that_were_traded) {
  auto bars = saw(200, 500'000, 1'000);
  bars.erase(bars.begin() + 50, bars.begin() + 53);
  bars.erase(bars.begin() + 100);
  bars[10].volume = {};
  auto report = run(make_input(bars)).report;
  CAF_CHECK_EQUAL(report.data[0].gaps, 2u);
  CAF_CHECK_EQUAL(report.data[0].missing_bars, 4u);
  CAF_CHECK_EQUAL(report.data[0].zero_volume_bars, 1u);
  CAF_CHECK_EQUAL(value_of(report, "gap policy"),
                  "gaps and zero-volume bars are traded as they are: 2 gaps, 4 "
                  "bars missing, 1 bar without volume");
}

CAF_TEST(assumptions_name_files_and_costs) {
  auto input = make_input(saw(100, 500'000, 1'000));
  input.venue.bar_slippage_e8 = 10'000;
  input.venue.funding_rate = {};
  auto result = *run_fused(input);
  auto source = source_of(input, result);
  data_report file;
  file.rounded_prices = 7;
  file.sha256 = "0123456789abcdef0123456789abcdef";
  source.data.push_back({"btc.csv", file});
  source.trials = 12;
  auto report = make_report(source);
  auto says = [&](const char* key) { return value_of(report, key); };
  CAF_CHECK_EQUAL(says("data BTCUSDT"),
                  "btc.csv, sha256 0123456789ab, 100 bars of 1h");
  CAF_CHECK_EQUAL(says("strategy"), "sma_cross, fast 5, slow 15, short 0");
  CAF_CHECK_EQUAL(says("rounded prices"), "7 prices to the nearest tick");
  CAF_CHECK_EQUAL(says("fees"), "maker 0.02 %, taker 0.055 %");
  CAF_CHECK_EQUAL(says("slippage"), "0.01 % of the price against the taker, "
                                    "rounded up to a tick");
  CAF_CHECK_EQUAL(says("latency"), "5ms from decision to matching, constant");
  CAF_CHECK_EQUAL(says("funding"), "none");
  CAF_CHECK_EQUAL(says("trials"), "12");
  CAF_CHECK_EQUAL(says("seed"), "none: nothing is random");
  CAF_CHECK_EQUAL(says("ledger check"), "equal to the venue's books");
}

CAF_TEST(books_that_differ_are_an_error) {
  auto [input, result, unused] = run(make_input(saw(100, 500'000, 1'000)));
  result.venue_equity -= money{1};
  auto report = make_report(source_of(input, result));
  CAF_CHECK_EQUAL(report.ledger_difference.e8, 1);
  CAF_CHECK_EQUAL(value_of(report, "ledger check"),
                  "ERROR: differs from the venue's books by 0.00000001");
}

CAF_TEST(short_runs_say_how_short_they_are) {
  auto reason = [](const figure& x) {
    return x ? std::string{"present"} : x.error().text;
  };
  auto hour = run(make_input(slope(1, 500'000, 501'000))).report;
  CAF_CHECK_EQUAL(reason(hour.figures.daily.cagr),
                  "too short: 1 h of 30 d needed");
  CAF_CHECK_EQUAL(reason(hour.figures.daily.calmar),
                  "too short: 1 h of 30 d needed");
  auto month = run(make_input(slope(24 * 31, 500'000, 501'000))).report;
  CAF_CHECK_EQUAL(reason(month.figures.daily.cagr), "present");
  auto nothing = run(make_input({})).report;
  CAF_CHECK_EQUAL(reason(nothing.figures.daily.cagr), "no period has passed");
  CAF_CHECK_EQUAL(nothing.from.ns, 0);
}

CAF_TEST(a_speed_that_cannot_be_measured_is_no_figure) {
  auto done = run(make_input(saw(100, 500'000, 1'000)));
  auto reason_at = [&](double seconds) {
    done.result.seconds = seconds;
    auto speed
      = make_report(source_of(done.input, done.result)).bars_per_second;
    return speed ? std::string{"present"} : speed.error().text;
  };
  using limits = std::numeric_limits<double>;
  CAF_CHECK_EQUAL(reason_at(1), "present");
  CAF_CHECK_EQUAL(reason_at(0), "too quick to measure");
  CAF_CHECK_EQUAL(reason_at(limits::quiet_NaN()), "too quick to measure");
  CAF_CHECK_EQUAL(reason_at(limits::denorm_min()),
                  "beyond the range of numbers");
}

CAF_TEST(costs_have_no_share_of_a_loss) {
  auto input = make_input(slope(100, 500'000, 400'000));
  input.strategy = {"buy_and_hold", {}};
  auto report = run(std::move(input)).report;
  CAF_REQUIRE(report.gross_profit.e8 <= 0);
  CAF_REQUIRE(!report.fees_share);
  CAF_CHECK_EQUAL(report.fees_share.error().text, "no gross profit");
  CAF_CHECK(!report.funding_share);
}

CAF_TEST(ruin_is_told_as_it_is) {
  auto report = run_into_ruin().report;
  CAF_CHECK(report.end.e8 < 0);
  CAF_CHECK(close_to(report.figures.daily.cagr, -1));
  CAF_CHECK(report.figures.max_drawdown && *report.figures.max_drawdown < -1);
  CAF_REQUIRE(!report.figures.daily.sharpe);
  CAF_CHECK_EQUAL(report.figures.daily.sharpe.error().text,
                  "equity reached zero");
}
