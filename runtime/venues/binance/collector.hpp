// Listens to Binance USDⓈ-M.

#pragma once

#include "runtime/venues/collector.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace qalpha {

/// Where Binance is, and how much of it a connection carries.
struct binance_settings {
  std::string rest = "https://fapi.binance.com";

  /// Streams come over `<streams>/public/stream` and `<streams>/market/stream`:
  /// each path serves its own kinds, and is silent about the others.
  std::string streams = "wss://fstream.binance.com";

  /// Empty: authorities of the system.
  std::string ca_file;

  /// 1024 are allowed; clients that work stay at 200.
  size_t streams_a_connection = 200;

  /// How long a stream may be silent after it was subscribed to.
  timespan first_depth = std::chrono::seconds{5};
  timespan first_mark = std::chrono::seconds{5};
  timespan first_trade = std::chrono::minutes{1};

  collector_settings collecting;
};

/// @returns a collector that was not started, or a fault about the settings.
/// @pre `sink` and `tap` outlive the collector
fallible<std::unique_ptr<collector>>
make_binance_collector(const binance_settings& settings,
                       const universe& instruments, market_sink& sink,
                       raw_sink* tap = nullptr);

} // namespace qalpha
