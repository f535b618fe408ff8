// The other venue of a node: how far its prices are from those that are traded.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "models/market/market_event.hpp"
#include "runtime/venues/collector_settings.hpp"
#include "runtime/venues/market_settings.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// Listens to `settings.reference_venue` and keeps the newest middle of the
/// best prices of each symbol, as long as its book there is exact, uncrossed
/// and fresh. Middles and no marks or trades: marks lean on an index of many
/// venues, and trades jump between the two sides of a book.
///
/// Nothing here can keep the traded venue waiting or touch its books. A venue
/// that is out of reach is tried again until it is there; meanwhile there is no
/// reference.
class reference_market {
public:
  /// Begins to connect.
  /// @param traded the instruments that are told about, with their own names
  /// @param collecting nothing: what suits the venue
  /// @returns a fault if an address or the authorities are no good, or if the
  ///          venue says that it does not trade one of the symbols.
  /// @pre `settings.reference_venue`
  static fallible<std::unique_ptr<reference_market>>
  open(const market_settings& settings, const universe& traded,
       std::optional<collector_settings> collecting = std::nullopt);

  reference_market(const reference_market&) = delete;
  reference_market& operator=(const reference_market&) = delete;

  /// Hangs up.
  ~reference_market();

  /// Adds what is new to the batches of a frame: a `reference_price` to the
  /// batch of its symbol, which is added if there is none.
  void append(utc_time now, std::vector<market_batch>& batches);

  /// @returns why the venue could not be asked at the last attempt; nothing
  ///          once it was.
  std::optional<fault> problem() const;

  /// All zero before the venue was reached.
  collector_counters counters() const;

private:
  class service;

  explicit reference_market(std::unique_ptr<service> serving);

  std::unique_ptr<service> service_;
};

} // namespace qalpha
