// The report of a backtest as plain data, computed once for all formats.

#pragma once

#include "models/evaluation/performance.hpp"
#include "runtime/backtest/backtest.hpp"
#include "runtime/reports/assumptions.hpp"
#include "runtime/storage/bar_history.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace qalpha {

/// Where the bars of one instrument came from.
struct data_origin {
  /// As configured; empty if the bars were made in memory.
  std::string file;
  data_report report;
};

/// What a report is made of. Holds references: use it at once.
struct report_source {
  const backtest_input& input;
  const backtest_result& result;
  /// By instrument; may be empty if no bars came from files.
  std::vector<data_origin> data;
  /// "fused" or "actors".
  std::string engine;
  std::string config_file;
  /// Of the effective configuration, hexadecimal; empty without one.
  std::string config_hash;
  /// Runs that were tried before this one was chosen, itself included.
  uint64_t trials = 1;
};

/// What one symbol contributed.
struct symbol_summary {
  std::string name;
  uint64_t bars = 0;
  uint64_t trades = 0;
  /// After fees and funding, with the open position at the last mark.
  money profit;
  /// Paid; negative if rebates prevail.
  money fees;
  /// Paid; negative if received.
  money funding;
  /// Of the profit of all symbols; 1 is all of it.
  figure share;
};

/// The bars of one symbol, for people who want to repeat the run.
struct data_summary {
  std::string symbol;
  /// Empty if the bars did not come from a file.
  std::string file;
  std::string sha256;
  uint64_t bars = 0;
  /// Open of the first and close of the last bar; not set without bars.
  utc_time from;
  utc_time to;
  uint64_t gaps = 0;
  uint64_t missing_bars = 0;
  uint64_t zero_volume_bars = 0;
  uint64_t rounded_prices = 0;
};

/// Decisions that one gate refused.
struct refusal_count {
  risk_gate gate = risk_gate::none;
  uint64_t count = 0;

  friend bool operator==(const refusal_count&, const refusal_count&) = default;
};

/// The report. Every `figure` in it is finite or says why there is none.
struct backtest_report {
  std::string run_hash;
  std::string engine;
  /// Of the effective configuration; empty without one.
  std::string config_hash;
  backtest_counts counts;
  /// Wall time of the engine.
  double seconds = 0;
  figure bars_per_second;

  /// Open of the first and close of the last bar; not set without bars.
  utc_time from;
  utc_time to;

  money start;
  money end;
  /// Includes the worst drawdown with its peak and trough.
  performance figures;
  /// Mean over the symbols of last close / first open − 1.
  figure market_change;

  /// Paid; negative if rebates prevail.
  money fees{};
  /// Paid; negative if received.
  money funding{};
  /// End − start before fees and funding.
  money gross_profit{};
  /// Shares of `gross_profit`.
  figure fees_share = fault{"not measured"};
  figure funding_share = fault{"not measured"};
  /// Final equity as if fees and funding had not existed.
  money end_without_costs{};

  /// By gate; empty if nothing was refused or the facts were not kept.
  std::vector<refusal_count> refusals;

  /// Equity of our ledger − equity of the venue's books. Anything but zero is a
  /// broken invariant: one of the two is wrong.
  money ledger_difference;

  std::vector<assumption> assumptions;
  /// By instrument.
  std::vector<data_summary> data;
  std::vector<symbol_summary> symbols;
};

/// Computes the report of a run.
/// @pre `source.data` is empty or has one entry per instrument
backtest_report make_report(const report_source& source);

} // namespace qalpha
