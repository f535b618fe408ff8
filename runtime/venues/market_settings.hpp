// Where real market data come from.

#pragma once

#include "models/market/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace qalpha {

/// A venue whose public streams are read.
enum class data_venue : uint8_t { binance, bybit };

/// Addresses of the venues' public interfaces, and how their data are handed
/// over. The defaults are the real ones.
struct market_settings {
  data_venue venue = data_venue::binance;

  std::string binance_rest = "https://fapi.binance.com";
  /// Below it are the routes /public and /market.
  std::string binance_streams = "wss://fstream.binance.com";

  std::string bybit_rest = "https://api.bybit.com";
  std::string bybit_public = "wss://stream.bybit.com/v5/public/linear";

  /// PEM file with the authorities to trust; empty: those of the system.
  std::string ca_file;

  /// Longest time without a frame: orders time out although nothing is traded.
  timespan frame = std::chrono::milliseconds{20};

  /// Batches between the network thread and the node before conflation begins.
  size_t queue = 4'096;
};

} // namespace qalpha
