// What venues publish about a book: snapshots, and changes that continue them.

#pragma once

#include "models/market/price.hpp"
#include "models/market/quantity.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <vector>

namespace qalpha {

/// The total quantity at `px` is now `qty`; zero removes the level.
struct level_change {
  price px;
  quantity qty;

  friend bool operator==(const level_change&, const level_change&) = default;
};

/// A snapshot: these levels and no others, as of update `last`.
struct depth_snapshot {
  utc_time time;
  uint64_t last = 0;
  std::vector<level_change> bids;
  std::vector<level_change> asks;

  friend bool operator==(const depth_snapshot&, const depth_snapshot&)
    = default;
};

/// Changes that continue a book. The ids of a venue grow, but need not be
/// dense: what links one message to the one before is `previous` alone.
struct depth_update {
  /// Time of the matching engine.
  utc_time time;
  /// Ids of the first and last change inside (Binance `U` and `u`; Bybit `u`
  /// for both).
  uint64_t first = 0;
  uint64_t last = 0;
  /// `last` of the message before (Binance `pu`; Bybit `u - 1`).
  uint64_t previous = 0;
  std::vector<level_change> bids;
  std::vector<level_change> asks;

  friend bool operator==(const depth_update&, const depth_update&) = default;
};

} // namespace qalpha
