// Where real market data come from.

#pragma once

#include "models/market/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// A venue whose public streams are read.
enum class data_venue : uint8_t { binance, bybit };

/// @relates data_venue
constexpr std::string_view to_string(data_venue x) noexcept {
  return x == data_venue::binance ? "Binance" : "Bybit";
}

/// Addresses of the venues' public interfaces, and how their data are handed
/// over. The defaults are the real ones.
struct market_settings {
  /// Its books are the ones that orders are priced from.
  data_venue venue = data_venue::binance;

  /// The other venue, of which nothing counts but the middle of its best
  /// prices: the feeds tell how far theirs are from it. Nothing: none is heard.
  std::optional<data_venue> reference_venue;

  /// What symbols are called there, of those that differ.
  std::map<std::string, std::string> reference_names;

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
