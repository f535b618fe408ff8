// Everything a node can be told, after parsing and validation.

#pragma once

#include "models/execution/execution_settings.hpp"
#include "models/execution/sizing.hpp"
#include "models/market/feed.hpp"
#include "models/market/instrument.hpp"
#include "models/market/money.hpp"
#include "models/market/time.hpp"
#include "models/risk/limits.hpp"
#include "models/simulation/venue.hpp"
#include "models/strategies/catalogue.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Where market data and fills come from.
enum class run_mode : uint8_t {
  /// A seeded synthetic market on a simulated venue.
  demo,
  /// History files, played through the live actors at `speed`.
  replay,
  /// History files on virtual time, reproducible to the byte.
  backtest,
};

constexpr std::string_view to_string(run_mode x) noexcept {
  switch (x) {
    case run_mode::demo:
      return "demo";
    case run_mode::replay:
      return "replay";
    case run_mode::backtest:
      return "backtest";
  }
  return "?";
}

/// When the journal counts a record as safe.
enum class journal_sync : uint8_t {
  /// After `write`: safe against the death of the process.
  normal,
  /// After `fsync`: safe against the death of the machine, 4 ms a record.
  always,
};

/// Least important line that is logged.
enum class log_level : uint8_t { debug, info, warning, error };

constexpr std::string_view to_string(log_level x) noexcept {
  switch (x) {
    case log_level::debug:
      return "debug";
    case log_level::info:
      return "info";
    case log_level::warning:
      return "warning";
    case log_level::error:
      return "error";
  }
  return "?";
}

/// Who the node is; both end up in order ids, logs and reports.
struct node_settings {
  uint16_t id = 1;
  std::string name = "n1";
};

/// History to trade on, for `replay` and `backtest`.
struct data_settings {
  /// File of each symbol, usable from the working directory as it stands.
  std::map<std::string, std::string> files;

  /// Length of the bars; `nullopt`: the most common difference in each file.
  std::optional<timespan> interval;
};

/// The synthetic market of the demo.
struct demo_settings {
  /// Plays the scripted faults: a frozen feed, an outage, a crash.
  bool script = true;

  /// Market time between two batches of events.
  timespan frame = std::chrono::milliseconds{100};
};

struct log_settings {
  log_level level = log_level::info;

  /// Writes JSON lines to `<run_dir>/node.log`.
  bool file = true;

  /// Writes readable lines to the standard output.
  bool console = true;
};

/// Restarts after which a supervisor gives up and escalates.
struct supervision_settings {
  uint32_t restarts = 5;
  timespan window = std::chrono::seconds{60};
};

struct scheduler_settings {
  /// Worker threads of the actor scheduler.
  uint32_t threads = 2;

  /// Messages an actor handles before others get their turn. Beyond 30 a
  /// flooded actor keeps halts from being handled.
  uint32_t max_throughput = 30;
};

/// @returns the instruments of a configuration that names none: BTCUSDT,
///          ETHUSDT and SOLUSDT with the rules of the venues.
std::vector<instrument_rules> default_symbols();

/// A complete configuration. The default is the demo.
struct node_config {
  run_mode mode = run_mode::demo;

  /// Directory of journal, log, reports and control socket of this node.
  std::string run_dir = "run";

  uint64_t seed = 42;

  /// Market seconds a real second; `nullopt`: as fast as the machine can.
  std::optional<double> speed = 20.0;

  node_settings node;

  /// Cash of the account at the very first start.
  money cash{10'000 * money::scale};

  std::vector<instrument_rules> symbols = default_symbols();
  data_settings data;
  feed_settings feed{.bar_interval = std::chrono::seconds{5}};
  strategy_choice strategy;
  sizing_settings sizing;
  execution_settings execution;
  risk_limits risk;
  venue_settings venue;
  demo_settings demo;
  journal_sync sync = journal_sync::normal;
  log_settings log;
  supervision_settings supervision;
  scheduler_settings scheduler;
};

} // namespace qalpha
