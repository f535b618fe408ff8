// Listens to Bybit v5, linear.

#pragma once

#include "runtime/venues/collector.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace qalpha {

/// Where Bybit is, and how much of it a connection carries.
struct bybit_settings {
  std::string rest = "https://api.bybit.com";

  std::string streams = "wss://stream.bybit.com/v5/public/linear";

  /// Empty: authorities of the system.
  std::string ca_file;

  /// Names that a connection subscribes to, in characters: 21 000 are allowed.
  size_t characters_a_connection = 20'000;

  /// How long a stream may be silent after it was subscribed to.
  timespan first_snapshot = std::chrono::seconds{5};
  timespan first_trade = std::chrono::minutes{1};

  collector_settings collecting = own_collecting();

  /// What the venue asks for where it differs from the other one: 500
  /// connections in five minutes, and none that is cut off after a day.
  static collector_settings own_collecting();
};

/// @returns a collector that was not started, or a fault about the settings.
/// @pre `sink` and `tap` outlive the collector
fallible<std::unique_ptr<collector>>
make_bybit_collector(const bybit_settings& settings,
                     const universe& instruments, market_sink& sink,
                     raw_sink* tap = nullptr);

} // namespace qalpha
