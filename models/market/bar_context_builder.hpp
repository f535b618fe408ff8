// What a feed hears beside prices and volume, bar by bar.

#pragma once

#include "models/market/bar.hpp"
#include "models/market/bar_context.hpp"
#include "models/market/book.hpp"
#include "models/market/feed_health.hpp"
#include "models/market/funding_rate.hpp"
#include "models/market/market_event.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace qalpha {

/// Adds up what belongs to the bar at hand and keeps what is the case at
/// present. Its owner says when trades, book or prices were not what the venue
/// has. In the end nothing is believed of a time in which they were lost:
///
/// * sums of trades, where some may be missing in the bar,
/// * the best prices and the order flow, where the book was not exact
///   throughout the bar,
/// * mark, index, funding and open interest, where they were not heard of
///   at the close.
class bar_context_builder {
public:
  /// Age beyond which an open interest is none: it is told when it changes, or
  /// several times a minute.
  static constexpr timespan longest_interest = std::chrono::minutes{5};

  // -- what the venue says ----------------------------------------------------

  /// Counts a trade in the bar at hand.
  void add_trade(const market_event& trade) noexcept;

  /// Takes mark and index price, funding or open interest.
  void take(const market_event& event) noexcept;

  /// The book is complete and exact, by one group of changes since the last
  /// time or by a snapshot after `lose_book`.
  void take_book(const book& levels) noexcept;

  // -- what it may have said in vain ------------------------------------------

  /// All that follows happens at `now` or later.
  void reach(utc_time now) noexcept {
    now_ = std::max(now_, now);
  }

  /// Trades up to now may be missing.
  void lose_trades() noexcept {
    trades_lost_until_ = now_;
  }

  /// The book was not exact until now, or does not follow from the one before.
  void lose_book() noexcept {
    book_lost_until_ = now_;
    top_.reset();
  }

  /// Whatever was said about prices, funding and interest, until now nobody was
  /// there to say otherwise.
  void lose_prices() noexcept {
    prices_lost_until_ = now_;
  }

  /// As `lose_prices`, and what was said before never counts again.
  void forget_prices() noexcept;

  /// Loses what cannot be believed of a time with this verdict.
  void doubt(feed_status verdict) noexcept;

  // -- bars -------------------------------------------------------------------

  /// Begins the next bar.
  /// @returns what is known around the one that ends here.
  bar_context close() noexcept;

  /// @returns what is known around a bar without trades that ends here. The bar
  ///          at hand goes on.
  bar_context close_quiet() noexcept;

  /// Removes from the context of a bar what cannot be believed, as far as is
  /// known by now.
  void settle(const bar& of, bar_context& context) const noexcept;

  // -- the present ------------------------------------------------------------

  const std::optional<price>& index() const noexcept {
    return index_;
  }

  const std::optional<funding_rate>& funding() const noexcept {
    return funding_;
  }

  const std::optional<quantity>& open_interest() const noexcept {
    return open_interest_;
  }

private:
  bar_context at_present() const noexcept;

  trade_sums sums_;
  // The sums are more than their type holds.
  bool inexact_ = false;
  std::optional<top_of_book> top_;
  int64_t flow_ = 0;
  std::optional<price> mark_;
  std::optional<price> index_;
  std::optional<funding_rate> funding_;
  std::optional<quantity> open_interest_;
  utc_time interest_time_;
  utc_time now_;
  // Zero: never.
  utc_time trades_lost_until_;
  utc_time book_lost_until_;
  utc_time prices_lost_until_;
};

} // namespace qalpha
