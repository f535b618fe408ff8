// The collector that the settings ask for.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "runtime/storage/raw/raw_record.hpp"
#include "runtime/venues/collector.hpp"
#include "runtime/venues/collector_settings.hpp"
#include "runtime/venues/market_settings.hpp"
#include "runtime/venues/market_sink.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace qalpha {

/// @returns what raw recordings call the venue.
constexpr std::string_view recorded_name(data_venue x) noexcept {
  return x == data_venue::binance ? "binance" : "bybit";
}

/// @returns what suits `venue`.
collector_settings usual_collecting(data_venue venue);

/// @param collecting nothing: what suits the venue
/// @param tap takes the raw bytes; may be `nullptr`
/// @returns a collector that was not started, or a fault if an address or the
///          authorities are no good.
/// @pre `sink` and `tap` outlive the collector
fallible<std::unique_ptr<collector>>
make_venue_collector(const market_settings& settings,
                     const universe& instruments,
                     const std::optional<collector_settings>& collecting,
                     market_sink& sink, raw_sink* tap = nullptr);

} // namespace qalpha
