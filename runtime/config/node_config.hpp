// Everything a node can be told, after parsing and validation.

#pragma once

#include "actors/supervision/restart_policy.hpp"
#include "models/execution/execution_settings.hpp"
#include "models/execution/sizing.hpp"
#include "models/market/feed.hpp"
#include "models/market/instrument.hpp"
#include "models/market/money.hpp"
#include "models/market/time.hpp"
#include "models/risk/limits.hpp"
#include "models/simulation/demo_market.hpp"
#include "models/simulation/venue.hpp"
#include "models/strategies/catalogue.hpp"
#include "runtime/node/actor_config.hpp"
#include "runtime/storage/journal_sync.hpp"
#include "runtime/storage/store_settings.hpp"
#include "runtime/venues/market_settings.hpp"

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
  /// The real market on a simulated venue: no keys, no orders that cost money.
  paper,
  /// History files, played through the live actors at `speed`.
  replay,
  /// History files on virtual time, reproducible to the byte.
  backtest,
};

constexpr std::string_view to_string(run_mode x) noexcept {
  switch (x) {
    case run_mode::demo:
      return "demo";
    case run_mode::paper:
      return "paper";
    case run_mode::replay:
      return "replay";
    case run_mode::backtest:
      return "backtest";
  }
  return "?";
}

/// How the market of the demo reaches the node, with the same result.
enum class demo_transport : uint8_t {
  /// Handed over inside the process.
  memory,
  /// Through sockets of this machine and the collector of Binance.
  socket,
};

constexpr std::string_view to_string(demo_transport x) noexcept {
  return x == demo_transport::memory ? "memory" : "socket";
}

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
  /// Where relative paths of the configuration file start; empty: the directory
  /// of that file. Already applied to `files`.
  std::string directory;

  /// File of each symbol, usable from the working directory as it stands.
  std::map<std::string, std::string> files;

  /// Length of the bars; `nullopt`: the most common difference in each file.
  std::optional<timespan> interval;
};

/// Models to ask, for strategies that listen to them.
struct model_settings {
  /// Usable from the working directory as it stands.
  std::string directory = "checkpoints";

  /// "none", "live" or ID@VERSION.
  std::string forecaster = "none";
  std::string regimes = "none";
  std::string policy = "none";

  timespan answer_within = std::chrono::seconds{1};
  timespan max_age = std::chrono::days{90};

  /// In 1e9 operations a second. Less than the default comes of the reference
  /// BLAS, which a distribution may have chosen: 4 to 6 on processors where
  /// OpenBLAS has 80 to 100. Every forecast would take ten times as long.
  double blas_minimum_gflops = 15;
};

/// @returns whether the configuration names a model.
inline bool asks_models(const model_settings& x) {
  return x.forecaster != "none" || x.regimes != "none" || x.policy != "none";
}

struct log_settings {
  log_level level = log_level::info;

  /// Writes JSON lines to `<run_dir>/node.log`.
  bool file = true;

  /// Writes readable lines to the standard output.
  bool console = true;
};

/// @returns the instruments of a configuration that names none: those of the
///          demo market.
std::vector<instrument_rules> default_symbols();

/// A complete configuration. The default is the demo.
struct node_config {
  run_mode mode = run_mode::demo;

  /// Directory of journal, log, reports and control socket of this node.
  std::string run_dir = "run/demo";

  uint64_t seed = 42;

  /// Market seconds a real second; `nullopt`: as fast as the machine can.
  std::optional<double> speed = 20.0;

  node_settings node;

  /// Cash of the account at the very first start.
  money cash{10'000 * money::scale};

  std::vector<instrument_rules> symbols = default_symbols();
  data_settings data;
  feed_settings feed{.bar_interval = std::chrono::seconds{5}};
  /// Quick enough for the demo's bars of five seconds.
  strategy_choice strategy{"sma_cross", {{"fast", 5}, {"slow", 20}}};
  model_settings models;
  sizing_settings sizing;
  execution_settings execution{.kind = order_kind::post_only};
  risk_limits risk;
  venue_settings venue;
  /// Its seed and symbols are those above.
  demo_settings demo;
  demo_transport transport = demo_transport::memory;
  /// For mode paper.
  market_settings market;
  journal_sync sync = journal_sync::normal;
  store_settings stores;
  log_settings log;
  restart_intensity supervision;
  scheduler_settings scheduler;
};

} // namespace qalpha
