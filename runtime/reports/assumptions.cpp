#include "runtime/reports/assumptions.hpp"

#include "models/market/decimal.hpp"
#include "runtime/reports/backtest_report.hpp"
#include "runtime/reports/figure_text.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace qalpha {

namespace {

/// Basis points as percent, for example "2 %".
std::string bps_text(int64_t bps) {
  return percent_text(rate{bps * (money::scale / 10'000)});
}

/// Digits of a hash that tell files apart for people.
constexpr size_t short_hash = 12;

// -- what was run
// --------------------------------------------------------------

std::string strategy_text(const strategy_choice& which) {
  auto text = which.name;
  for (auto& entry : strategy_catalogue()) {
    if (entry.name != which.name)
      continue;
    for (auto& parameter : entry.parameters) {
      auto given = which.parameters.find(std::string{parameter.name});
      auto value = given == which.parameters.end() ? parameter.default_value
                                                   : given->second;
      text += fmt::format(", {} {}", parameter.name, value);
    }
  }
  return text;
}

std::string config_text(const report_source& source) {
  if (source.config_file.empty() && source.config_hash.empty())
    return "none";
  auto file = source.config_file.empty() ? "built in" : source.config_file;
  if (source.config_hash.empty())
    return file;
  return fmt::format("{}, hash {}", file, source.config_hash);
}

// -- data
// ----------------------------------------------------------------------

std::string data_text(const data_summary& data, timespan interval) {
  auto text = data.file.empty() ? "made in memory" : data.file;
  if (!data.sha256.empty())
    text += ", sha256 " + data.sha256.substr(0, short_hash);
  return fmt::format("{}, {} of {}", text,
                     counted_text(data.bars, "bar", "bars"),
                     format_timespan(interval));
}

template <class Member>
uint64_t total(const std::vector<data_summary>& all, Member member) {
  uint64_t sum = 0;
  for (auto& one : all)
    sum += one.*member;
  return sum;
}

std::string gap_text(const std::vector<data_summary>& all) {
  auto gaps = total(all, &data_summary::gaps);
  auto missing = total(all, &data_summary::missing_bars);
  auto silent = total(all, &data_summary::zero_volume_bars);
  return fmt::format("gaps and zero-volume bars are traded as they are: {}, {} "
                     "missing, {} without volume",
                     counted_text(gaps, "gap", "gaps"),
                     counted_text(missing, "bar", "bars"),
                     counted_text(silent, "bar", "bars"));
}

std::string rounding_text(const std::vector<data_summary>& all) {
  auto rounded = total(all, &data_summary::rounded_prices);
  if (rounded == 0)
    return "none";
  return counted_text(rounded, "price", "prices") + " to the nearest tick";
}

// -- venue
// ---------------------------------------------------------------------

std::string slippage_text(const venue_settings& venue) {
  if (venue.bar_slippage_e8 == 0)
    return "none";
  return percent_text(rate{venue.bar_slippage_e8})
         + " of the price against the taker, rounded up to a tick";
}

std::string volume_text(const venue_settings& venue) {
  if (venue.bar_volume_share_bps == 0)
    return "not limited: an order of any size fills whole";
  return "at most " + bps_text(venue.bar_volume_share_bps)
         + " of a bar's volume per order, the rest stays open";
}

std::string order_text(const execution_settings& execution) {
  std::string text{to_string(execution.kind)};
  if (execution.kind == order_kind::market)
    return text;
  return text + ", replaced after " + format_timespan(execution.chase_after);
}

std::string funding_text(const venue_settings& venue) {
  if (venue.funding_rate.e8 == 0 || venue.funding_interval.count() == 0)
    return "none";
  return fmt::format("{} every {}, constant, on the value of the position at "
                     "the open; longs pay a positive rate",
                     percent_text(venue.funding_rate),
                     format_timespan(venue.funding_interval));
}

// -- sizing and limits
// ---------------------------------------------------------

std::string scale_text(const sizing_settings& sizing) {
  switch (sizing.method) {
    case sizing_method::fixed:
      return "fixed";
    case sizing_method::volatility_target:
      return fmt::format("volatility target {} a year, decay {}, at most {}x",
                         percent_text(sizing.target_volatility), sizing.decay,
                         sizing.max_scale);
    case sizing_method::fractional_kelly:
      return fmt::format(
        "{} of Kelly, half-life {} bars, after {}, at most "
        "{}x",
        sizing.kelly_fraction, sizing.kelly_half_life,
        counted_text(sizing.kelly_warm_up, "return", "returns"),
        sizing.max_scale);
  }
  return "?";
}

std::string sizing_text(const backtest_input& input) {
  auto shared = input.instruments.size() > 1 ? fmt::format(
                  ", shared by {} symbols", input.instruments.size())
                                             : std::string{};
  return fmt::format("{}, {} of equity{}, dead band {}",
                     scale_text(input.sizing),
                     bps_text(input.sizing.allocation_bps), shared,
                     bps_text(input.sizing.dead_band_bps));
}

std::string limits_text(const risk_limits& limits) {
  return fmt::format(
    "order {}, position {}, gross leverage {}x, price collar {}, {} orders "
    "per {}",
    money_text(limits.max_order_notional),
    money_text(limits.max_position_notional),
    format_decimal_e8(limits.max_gross_leverage_bps * (money::scale / 10'000)),
    bps_text(limits.price_collar_bps), limits.max_orders,
    format_timespan(limits.order_window));
}

std::string books_text(const backtest_report& report) {
  if (report.ledger_difference.e8 == 0)
    return "equal to the venue's books";
  return "ERROR: differs from the venue's books by "
         + format_decimal_e8(report.ledger_difference.e8);
}

void add_data(std::vector<assumption>& to, const backtest_report& report,
              timespan interval) {
  for (auto& one : report.data)
    to.push_back({"data " + one.symbol, data_text(one, interval)});
  to.push_back({"gap policy", gap_text(report.data)});
  to.push_back({"rounded prices", rounding_text(report.data)});
}

void add_market(std::vector<assumption>& to, const backtest_input& input) {
  auto& venue = input.venue;
  to.push_back({"fees", "maker " + percent_text(venue.maker_fee) + ", taker "
                          + percent_text(venue.taker_fee)});
  to.push_back({"slippage", slippage_text(venue)});
  to.push_back({"fill rule", "decision at the close of bar t fills at the open "
                             "of t+1 at the earliest; limits at their own "
                             "price"});
  to.push_back({"volume", volume_text(venue)});
  to.push_back({"order kind", order_text(input.execution)});
  to.push_back({"latency", format_timespan(venue.order_latency)
                             + " from decision to matching, constant"});
  to.push_back({"funding", funding_text(venue)});
  to.push_back({"liquidation", "none: margin calls are not simulated"});
}

} // namespace

std::vector<assumption> state_assumptions(const report_source& source,
                                          const backtest_report& report) {
  auto& input = source.input;
  std::vector<assumption> all{
    {"strategy", strategy_text(input.strategy)},
    {"config", config_text(source)},
  };
  add_data(all, report, input.bar_interval);
  all.push_back({"start equity", money_text(input.start)});
  add_market(all, input);
  all.push_back({"sizing", sizing_text(input)});
  all.push_back({"limits", limits_text(input.limits)});
  all.push_back({"at the end", "open positions are valued at the last close "
                               "and not closed"});
  all.push_back({"measures", "in quote currency and UTC; returns of days, 365 "
                             "a year, risk-free rate 0; trades after fees and "
                             "funding, gross before them"});
  all.push_back({"trials", count_text(source.trials)});
  all.push_back({"seed", "none: nothing is random"});
  all.push_back({"ledger check", books_text(report)});
  return all;
}

} // namespace qalpha
