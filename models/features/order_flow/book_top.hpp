// The best levels of a book, as order flow reads them.

#pragma once

#include "models/market/book.hpp"
#include "models/market/queue_flow.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace qalpha {

/// One price and what waits there.
struct top_level {
  int64_t ticks = 0;
  /// Base units.
  double size = 0;

  friend bool operator==(const top_level&, const top_level&) = default;
};

/// The best levels of both sides, best first; of the live book or of a row that
/// was recorded. Prices are ticks, so that they are equal or not. A level that
/// is not there has the worst of all prices and no size.
struct book_top {
  static constexpr size_t most_levels = 10;
  static constexpr int64_t no_bid = no_bid_ticks;
  static constexpr int64_t no_ask = no_ask_ticks;

  using side_levels = std::array<top_level, most_levels>;

  book_top() noexcept {
    bids.fill({no_bid, 0});
    asks.fill({no_ask, 0});
  }

  friend bool operator==(const book_top&, const book_top&) = default;

  bool has_both() const noexcept {
    return bids[0].ticks != no_bid && asks[0].ticks != no_ask;
  }

  side_levels bids;
  side_levels asks;
};

/// @param lot_size of the instrument, base units
/// @param levels to copy of each side, at most `book_top::most_levels`
book_top top_of(const book& from, double lot_size,
                size_t levels = book_top::most_levels) noexcept;

/// @returns whether the levels of each side come best first, without a gap, the
///          sides are not crossed and all sizes are finite and not negative. An
///          empty side is sound, and so is a level without a size.
bool is_sound(const book_top& x) noexcept;

// All of the following are undefined (NaN) for a book that is not sound or has
// an empty side. Prices are in ticks.

/// @returns the middle of the best prices.
double middle(const book_top& x) noexcept;

/// @returns ask - bid.
double quoted_spread(const book_top& x) noexcept;

/// @returns ask - bid as a fraction of the middle.
double relative_spread(const book_top& x) noexcept;

/// @returns the share of the bids in the sizes of the best `levels`, 0 to 1;
///          0.5 if there is none.
double queue_share(const book_top& x, size_t levels = 1) noexcept;

/// @returns (bids - asks) / (bids + asks) of the best `levels`, -1 to 1; 0 if
///          there is none.
double queue_imbalance(const book_top& x, size_t levels = 1) noexcept;

/// @returns the middle weighted by the sizes of the other side: a long queue of
///          bids moves it to the ask. The middle if there is no size.
double weighted_middle(const book_top& x) noexcept;

/// @returns the middle between the mean prices of the best `levels` of the two
///          sides, weighted by their sizes: what a large order looks at. A side
///          without a size counts with its best price.
double depth_price(const book_top& x, size_t levels) noexcept;

/// @returns half of the sizes of the best `levels`, averaged over them. Zero
///          for an empty book.
/// @pre `0 < levels && levels <= book_top::most_levels`
double mean_depth(const book_top& x, size_t levels) noexcept;

} // namespace qalpha
