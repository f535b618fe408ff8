#include "runtime/reports/summary_json.hpp"

#include "models/market/decimal.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <rapidjson/encodings.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace qalpha {

namespace {

bool is_utf8(std::string_view text) {
  rapidjson::MemoryStream bytes{text.data(), text.size()};
  rapidjson::StringBuffer ignored;
  while (bytes.Tell() < text.size())
    if (!rapidjson::UTF8<>::Validate(bytes, ignored))
      return false;
  return bytes.Tell() == text.size();
}

/// Writes the members of nested objects and remembers which figures are absent.
class json_writer {
public:
  json_writer() {
    out_.StartObject();
  }

  void text(std::string_view key, std::string_view value) {
    name(key);
    string(value);
  }

  void count(std::string_view key, uint64_t value) {
    name(key);
    out_.Uint64(value);
  }

  void number(std::string_view key, double value) {
    name(key);
    if (std::isfinite(value))
      out_.Double(value);
    else
      out_.Null();
  }

  /// Exact: a double would round amounts of more than 15 digits.
  void amount(std::string_view key, money value) {
    name(key);
    auto digits = format_decimal_e8(value.e8);
    out_.RawValue(digits.data(), digits.size(), rapidjson::kNumberType);
  }

  void measure(std::string_view key, const figure& value) {
    if (value) {
      number(key, *value);
      return;
    }
    absent(key);
    reasons_.emplace_back(key, value.error().text);
  }

  void time(std::string_view key, utc_time value) {
    if (value.ns == 0)
      absent(key);
    else
      text(key, format_iso(value));
  }

  void absent(std::string_view key) {
    name(key);
    out_.Null();
  }

  void start_object(std::string_view key) {
    name(key);
    out_.StartObject();
  }

  void start_element() {
    out_.StartObject();
  }

  void end_object() {
    out_.EndObject();
  }

  /// The elements are objects.
  void start_array(std::string_view key) {
    name(key);
    out_.StartArray();
  }

  void end_array() {
    out_.EndArray();
  }

  /// Writes why the figures since the last call are absent.
  void reasons() {
    start_object("reasons");
    for (auto& [key, why] : std::exchange(reasons_, {}))
      text(key, why);
    end_object();
  }

  std::string take() {
    out_.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

private:
  void name(std::string_view key) {
    string(key);
  }

  void string(std::string_view value) {
    std::string safe{value};
    // A file name may be any bytes, JSON is UTF-8 only.
    if (!is_utf8(safe))
      std::ranges::replace_if(
        safe, [](char c) { return (c & 0x80) != 0; }, '?');
    out_.String(safe.data(), static_cast<rapidjson::SizeType>(safe.size()));
  }

  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> out_{buffer_};
  std::vector<std::pair<std::string, std::string>> reasons_;
};

figure without_sign(const figure& x) {
  return x ? figure{std::abs(*x)} : x;
}

void write_run(json_writer& out, const backtest_report& report) {
  out.text("run_hash", report.run_hash);
  out.text("engine", report.engine);
  out.text("config_hash", report.config_hash);
  out.count("bars", report.counts.bars);
  out.number("seconds", report.seconds);
  out.measure("bars_per_second", report.bars_per_second);
  out.time("from", report.from);
  out.time("to", report.to);
  out.count("decisions", report.counts.decisions);
  out.count("refused", report.counts.refused);
  out.count("orders", report.counts.orders);
  out.count("fills", report.counts.fills);
}

void write_worth(json_writer& out, const backtest_report& report) {
  auto& daily = report.figures.daily;
  out.amount("start_equity", report.start);
  out.amount("final_equity", report.end);
  out.amount("profit", report.end - report.start);
  out.amount("gross_profit", report.gross_profit);
  out.amount("fees", report.fees);
  out.amount("funding", report.funding);
  out.measure("fees_share_of_gross", report.fees_share);
  out.measure("funding_share_of_gross", report.funding_share);
  out.amount("final_equity_without_costs", report.end_without_costs);
  out.amount("ledger_difference", report.ledger_difference);
  out.measure("market_change", report.market_change);
  out.measure("cagr", daily.cagr);
  out.measure("volatility", daily.volatility);
  out.measure("sharpe", daily.sharpe);
  out.measure("sortino", daily.sortino);
  out.measure("calmar", daily.calmar);
}

void write_drawdown(json_writer& out, const performance& figures) {
  auto& worst = figures.worst;
  out.measure("max_drawdown", without_sign(figures.max_drawdown));
  out.start_object("worst_drawdown");
  out.time("peak_time", worst.peak_time);
  out.time("trough_time", worst.trough_time);
  out.time("recovered_time", worst.recovered_time);
  out.amount("peak", worst.peak);
  out.amount("trough", worst.trough);
  out.end_object();
  out.count("longest_drawdown_days", figures.daily.longest_drawdown);
  out.measure("underwater", figures.daily.underwater);
}

void write_trades(json_writer& out, const performance& figures) {
  auto& trades = figures.trades;
  out.count("trades", trades.count);
  out.count("wins", trades.wins);
  out.count("losses", trades.losses);
  out.count("longs", trades.longs);
  out.measure("win_rate", trades.win_rate);
  out.measure("profit_factor", trades.profit_factor);
  out.measure("expectancy", trades.expectancy);
  out.measure("payoff", trades.payoff);
  out.measure("best_trade", trades.best);
  out.measure("worst_trade", trades.worst);
  out.measure("sqn", trades.sqn);
  out.measure("average_holding_seconds", trades.average_holding);
  out.measure("exposure", figures.exposure);
  out.measure("turnover", figures.turnover);
}

void write_refusals(json_writer& out, const backtest_report& report) {
  out.start_object("refused_by_gate");
  for (auto& [gate, count] : report.refusals)
    out.count(to_string(gate), count);
  out.end_object();
}

void write_assumptions(json_writer& out, const backtest_report& report) {
  out.start_object("assumptions");
  for (auto [key, value] : report.assumptions) {
    std::ranges::replace(key, ' ', '_');
    out.text(key, value);
  }
  out.end_object();
}

void write_data(json_writer& out, const backtest_report& report) {
  out.start_array("data");
  for (auto& one : report.data) {
    out.start_element();
    out.text("symbol", one.symbol);
    out.text("file", one.file);
    out.text("sha256", one.sha256);
    out.count("bars", one.bars);
    out.time("from", one.from);
    out.time("to", one.to);
    out.count("gaps", one.gaps);
    out.count("missing_bars", one.missing_bars);
    out.count("zero_volume_bars", one.zero_volume_bars);
    out.count("rounded_prices", one.rounded_prices);
    out.end_object();
  }
  out.end_array();
}

void write_symbols(json_writer& out, const backtest_report& report) {
  out.start_array("symbols");
  for (auto& one : report.symbols) {
    out.start_element();
    out.text("symbol", one.name);
    out.count("bars", one.bars);
    out.count("trades", one.trades);
    out.amount("profit", one.profit);
    out.amount("fees", one.fees);
    out.amount("funding", one.funding);
    out.measure("share", one.share);
    out.reasons();
    out.end_object();
  }
  out.end_array();
}

} // namespace

std::string summary_json(const backtest_report& report) {
  json_writer out;
  write_run(out, report);
  write_worth(out, report);
  write_drawdown(out, report.figures);
  write_trades(out, report.figures);
  out.reasons();
  write_refusals(out, report);
  write_assumptions(out, report);
  write_data(out, report);
  write_symbols(out, report);
  return out.take();
}

} // namespace qalpha
