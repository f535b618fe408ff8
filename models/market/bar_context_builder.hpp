// What a feed hears beside prices and volume, bar by bar.

#pragma once

#include "models/market/bar.hpp"
#include "models/market/bar_context.hpp"
#include "models/market/book.hpp"
#include "models/market/feed_health.hpp"
#include "models/market/funding_rate.hpp"
#include "models/market/market_event.hpp"
#include "models/market/trade_costs.hpp"

#include <algorithm>
#include <array>
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
/// * the costs of trades, where either was so in the bar or in the horizon
///   before it,
/// * mark, index, funding and open interest, where they were not heard of
///   at the close.
class bar_context_builder {
public:
  /// Age beyond which an open interest is none: it is told when it changes, or
  /// several times a minute.
  static constexpr timespan longest_interest = std::chrono::minutes{5};

  /// Time after a trade at which the middle says what of its cost was
  /// information.
  static constexpr timespan cost_horizon = std::chrono::seconds{5};

  /// Trades that wait for that at the same time; with more, costs are unknown.
  static constexpr size_t most_waiting = 65'536;

  // -- what the venue says ----------------------------------------------------

  /// Counts a trade in the bar at hand.
  void add_trade(const market_event& trade);

  /// Takes mark and index price, funding or open interest.
  void take(const market_event& event) noexcept;

  /// The book is complete and exact at a time of the venue, by one group of
  /// changes since the last time or by a snapshot after `lose_book`.
  void take_book(const book& levels, utc_time time);

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
    queues_.reset();
    costs_.reset();
  }

  /// Whatever was said about prices, funding and interest, until now nobody was
  /// there to say otherwise.
  void lose_prices() noexcept {
    prices_lost_until_ = now_;
  }

  /// As `lose_prices`, and what was said before never counts again.
  void forget_prices() noexcept;

  /// Until now nothing is believed that cannot be with this verdict. What the
  /// book is by now is for `take_book` and `lose_book` to say.
  void doubt(feed_status verdict) noexcept;

  // -- bars -------------------------------------------------------------------

  /// Begins the next bar.
  /// @returns what is known around the one that ends here.
  bar_context close();

  /// @returns what is known around a bar without trades that ends here. The bar
  ///          at hand goes on.
  bar_context close_quiet();

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
  struct queue {
    int64_t ticks;
    // In lots.
    int64_t size;
  };

  using queues = std::array<queue, flow_levels>;

  struct both_queues {
    queues bids;
    queues asks;
    int64_t bid_depth;
    int64_t ask_depth;
  };

  static std::optional<both_queues> queues_of(const book& levels) noexcept;

  bar_context at_present() const noexcept;
  void add_flow(const both_queues& now) noexcept;
  void add_cost(const market_event& trade);
  void settle_costs(utc_time until);

  trade_sums sums_;
  // The sums are more than their type holds.
  bool inexact_ = false;
  std::optional<both_queues> queues_;
  flow_sums flow_;
  bool inexact_flow_ = false;
  // Of the trades in `sums_`.
  int64_t effective_ = 0;
  // Of trades before them as well; their `effective` is not used.
  cost_sums settled_;
  trade_costs costs_{cost_horizon.count(), most_waiting};
  // The latest time of the venue.
  utc_time heard_;
  // Costs are not complete from here back.
  utc_time costs_lost_until_;
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
