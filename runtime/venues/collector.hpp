// Everything a node hears from one venue.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "runtime/net/endpoint.hpp"
#include "runtime/storage/raw/raw_record.hpp"
#include "runtime/venues/collector_settings.hpp"
#include "runtime/venues/market_sink.hpp"
#include "runtime/venues/venue_dialect.hpp"

#include <memory>
#include <optional>

namespace qalpha {

/// Keeps the connections of a venue up and turns what comes into gapless
/// events a symbol, fetching what is missing:
///
///   stream_line × connection ──▶ symbol_track × symbol ──▶ market_sink
///                                   │        ▲
///                          wants    ▼        │ snapshots, trades
///                                rest_queue (one a venue)
///
/// One thread of its own owns connections and tracks, another asks over REST.
class collector {
public:
  /// @param rest where to ask over REST
  /// @param tap takes the raw bytes; may be `nullptr`
  /// @returns a fault if authorities cannot be read or an address is no good.
  /// @pre `sink` and `tap` outlive the collector
  static fallible<std::unique_ptr<collector>>
  make(std::unique_ptr<venue_dialect> dialect, const universe& instruments,
       endpoint rest, collector_settings settings, market_sink& sink,
       raw_sink* tap);

  collector(const collector&) = delete;
  collector& operator=(const collector&) = delete;

  /// Stops.
  ~collector();

  /// Begins to connect. Once.
  void start();

  /// Whoever took the events lost or refused some: begins the book of `symbol`
  /// anew, unless it is being fetched already. From any thread, callbacks
  /// included.
  void resync(symbol_id symbol);

  /// Hangs up, ends the threads, and calls nobody any more. Takes a moment,
  /// whatever the venue does. Not from a callback.
  void stop();

  /// Not from a callback.
  collector_counters counters() const;

  /// @returns venue clock minus ours; nothing before the first answer. Not from
  ///          a callback.
  std::optional<timespan> clock_difference() const;

private:
  class service;

  explicit collector(std::unique_ptr<service> serving);

  std::unique_ptr<service> service_;
};

} // namespace qalpha
