// A backtest: what goes in and what comes out, whichever engine runs it.

#pragma once

#include "models/execution/decision.hpp"
#include "models/execution/execution_settings.hpp"
#include "models/execution/ledger.hpp"
#include "models/execution/order.hpp"
#include "models/execution/sizing.hpp"
#include "models/features/feature_source.hpp"
#include "models/market/bar.hpp"
#include "models/market/instrument.hpp"
#include "models/outlook/model_set.hpp"
#include "models/risk/account_report.hpp"
#include "models/risk/limits.hpp"
#include "models/simulation/venue.hpp"
#include "models/strategies/catalogue.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace qalpha {

/// Everything a backtest depends on. Two equal inputs give equal results, to
/// the byte, with either engine.
struct backtest_input {
  universe instruments;
  /// Bars of each instrument, oldest first.
  std::vector<std::vector<bar>> bars;
  timespan bar_interval = std::chrono::hours{1};
  money start;
  strategy_choice strategy;
  /// What the strategy reads beside bars, by instrument; empty if it reads
  /// nothing but these.
  std::vector<history_columns> columns;
  /// What the strategy reads, by instrument, where it was computed before;
  /// empty: computed on the way.
  std::vector<feature_table> features;
  /// Asked where the strategy listens to them.
  model_set models;
  sizing_settings sizing;
  execution_settings execution;
  risk_limits limits;
  venue_settings venue;
  /// Keep decisions, orders and fills for the CSV; costs memory and time.
  bool keep_facts = false;
};

/// Counts of a run.
struct backtest_counts {
  uint64_t bars = 0;
  uint64_t decisions = 0;
  uint64_t refused = 0;
  uint64_t orders = 0;
  uint64_t fills = 0;
};

/// Facts of a run in the order in which they happened.
struct backtest_facts {
  std::vector<decision> decisions;
  std::vector<decision_outcome> outcomes;
  std::vector<order_intent> orders;
  std::vector<order_report> reports;
  std::vector<fill> fills;
  std::vector<funding_payment> funding;
};

/// What a run gives.
struct backtest_result {
  /// 16 hexadecimal digits of `run_trace`.
  std::string run_hash;
  backtest_counts counts;
  account_report account;
  std::vector<closed_trade> trades;
  /// The venue's own view of the final equity; equal to the account's, or one
  /// of the two ledgers is wrong.
  money venue_equity;
  /// Empty unless asked for.
  backtest_facts facts;
  /// Wall time of the engine alone, without reading files.
  double seconds = 0;
};

} // namespace qalpha
