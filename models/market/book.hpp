// Level-2 order book of one symbol.

#pragma once

#include "models/market/price_ladder.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace qalpha {

/// Total quantity per price on both sides, in integer ticks and lots. Best
/// levels come first. A book is an image of what the venue said: it can be
/// crossed, and then says so. It has no limit to prices and one, far beyond
/// what venues have, to the number of levels: see `price_ladder`.
class book {
public:
  /// Drops all levels.
  void clear() noexcept {
    bids_.clear();
    asks_.clear();
  }

  /// Sets the quantity at `px`; zero removes the level.
  /// @pre `px.ticks > 0 && qty.lots >= 0`
  void set(side which, price px, quantity qty) {
    (which == side::buy ? bids_ : asks_).set(px, qty);
  }

  std::optional<book_level> best(side which) const noexcept {
    return levels(which).best();
  }

  /// @returns the quantity at `px`, zero if there is no such level.
  quantity at(side which, price px) const noexcept {
    return levels(which).at(px);
  }

  /// Copies up to `limit` levels, best first.
  std::vector<book_level> top(side which, size_t limit) const;

  /// Copies levels into `out`, best first, without an allocation.
  /// @returns how many there were, at most `out.size()`.
  size_t copy_top(side which, std::span<book_level> out) const noexcept {
    return levels(which).copy_top(out);
  }

  size_t depth(side which) const noexcept {
    return levels(which).size();
  }

  /// @returns `true` if both sides have levels and the best bid is at or above
  ///          the best ask.
  bool crossed() const noexcept {
    auto bid = bids_.best();
    auto ask = asks_.best();
    return bid && ask && bid->px >= ask->px;
  }

private:
  const price_ladder& levels(side which) const noexcept {
    return which == side::buy ? bids_ : asks_;
  }

  price_ladder bids_{side::buy};
  price_ladder asks_{side::sell};
};

} // namespace qalpha
