// Level-2 order book of one symbol.

#pragma once

#include "models/market/market_event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace qalpha {

/// Price and total quantity of a level; no level has quantity zero.
struct book_level {
  price px;
  quantity qty;

  friend bool operator==(const book_level&, const book_level&) = default;
};

/// Total quantity per price on both sides, in integer ticks and lots. Best
/// levels come first. A book is an image of what the venue said: it can be
/// crossed, and then says so.
class book {
public:
  /// Drops all levels.
  void clear() noexcept;

  /// Sets the quantity at `px`; zero removes the level.
  /// @pre `px.ticks > 0 && qty.lots >= 0`
  void set(side which, price px, quantity qty);

  std::optional<book_level> best(side which) const noexcept;

  /// @returns the quantity at `px`, zero if there is no such level.
  quantity at(side which, price px) const noexcept;

  /// Copies up to `limit` levels, best first.
  std::vector<book_level> top(side which, size_t limit) const;

  size_t depth(side which) const noexcept;

  /// @returns `true` if both sides have levels and the best bid is at or above
  ///          the best ask.
  bool crossed() const noexcept;

private:
  // Levels sorted from the worst to the best price, so that the changes near
  // the touch, which are nearly all changes, move few elements.
  std::vector<book_level> bids_;
  std::vector<book_level> asks_;
};

} // namespace qalpha
