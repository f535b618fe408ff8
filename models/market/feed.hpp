// The machine behind a FEED actor: raw events of one symbol in, bars, quotes,
// marks and a verdict on the data out.

#pragma once

#include "models/machine/sink.hpp"
#include "models/market/bar.hpp"
#include "models/market/bar_aggregator.hpp"
#include "models/market/bar_context_builder.hpp"
#include "models/market/book.hpp"
#include "models/market/book_wanted.hpp"
#include "models/market/feed_health.hpp"
#include "models/market/market_event.hpp"
#include "models/market/quote.hpp"
#include "models/market/reference.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace qalpha {

/// Settings of a feed.
struct feed_settings {
  /// Length of the bars built from trades.
  timespan bar_interval = std::chrono::minutes{1};

  /// Silence after which the data count as stale. Two seconds is twice the
  /// slowest stream of the venues (mark price once a second).
  timespan stale_after = std::chrono::seconds{2};

  /// Silence of the book alone, while trades or marks go on, after which it
  /// counts as stale. A quiet book says nothing for seconds; one whose stream
  /// died says nothing for ever.
  timespan book_stale_after = std::chrono::seconds{10};

  /// Time for a book that is not exact or crossed to mend itself, which those
  /// of a venue that knows of its loss do; then it is asked for anew. Never
  /// more often than `resync_again`, since a question may cost the venue's
  /// patience.
  timespan resync_after = std::chrono::seconds{1};
  timespan resync_again = std::chrono::seconds{30};

  /// Bars kept for components that restart and have to warm up.
  size_t history = 1024;
};

/// Keeps book, bars and health of one symbol.
///
///            first data            silence > stale_after
///   starting ──────────▶ live ◀──────────────────────────▶ stale
///                        │  ▲  fresh data, book exact
///          sequence jump │  │  snapshot complete
///                        ▼  │
///                       gapped        crossed ◀──▶ live (per batch)
///
/// A book is exact from a `book_reset` and its `book_complete` on, as long as
/// every following `book_complete` has the next sequence and no level change
/// had to be rejected. A book that is not, and does not become so by itself, is
/// wished for with `book_wanted`. It is stale while its changes are older than
/// other events by more than a second, as when the connection of the book lags.
/// Quotes come from complete groups of changes only. A batch causes at most one
/// quote and one mark, the last; both are told while the feed is live and they
/// differ from what was told last, and anew after the feed was not live. Bars
/// are facts about trades and are told whatever the verdict; an interval
/// without trades has a flat one if the feed was live all the time and a mark
/// or a trade behind it shows that none is missing. Right before a bar that was
/// built here comes what is known around it.
class feed {
public:
  /// In the order in which one input causes them.
  using effects = sink<feed_health, mark_updated, quote, bar_context_known,
                       bar_closed, book_wanted>;

  feed(symbol_id symbol, feed_settings settings);

  /// Applies a batch. Bad events (prices that are not positive, negative
  /// quantities, a time more than a second before the latest or a minute after
  /// the receipt) are counted in `rejected` and dropped. A snapshot may be
  /// older, and so may the changes that follow it until they have caught up.
  void step(const market_batch& batch, effects& out);

  /// Takes a finished bar of a source that has no trades: history, klines.
  void step(const bar_closed& fact, effects& out) {
    // A copy of nothing that nobody keeps would cost a backtest time.
    if (settings_.history > 0)
      keep({fact.value, nothing_known});
    last_event_ = fact.value.close_time;
    bar_length_ = fact.value.close_time - fact.value.open_time;
    ++events_;
    if (status_ != feed_status::live)
      judge(feed_status::live, last_event_, out);
    told_mark_ = fact.value.close;
    out.tell(mark_updated{symbol_, fact.value.close_time, told_mark_});
    out.tell(fact);
  }

  /// Takes bars from before the start, oldest first; they warm others up and
  /// cause no effect.
  void restore(const std::vector<bar>& bars);

  /// Tells that `now` was reached: closes bars, detects silence, measured from
  /// the receipt of the last batch.
  void step(utc_time now, effects& out);

  /// Tells the present verdict again, for listeners that were restarted.
  void announce(effects& out) {
    out.tell(report(status_, last_event_));
  }

  feed_status status() const noexcept {
    return status_;
  }

  uint64_t rejected() const noexcept {
    return rejected_;
  }

  uint64_t gaps() const noexcept {
    return gaps_;
  }

  uint64_t events() const noexcept {
    return events_;
  }

  const book& levels() const noexcept {
    return book_;
  }

  sequence_state sequence() const noexcept;

  /// @returns by how much the last batch was older than its receipt.
  timespan lag() const noexcept {
    return lag_;
  }

  /// @returns since when the data may not be traded on; zero while they may,
  /// and
  ///          before they first might.
  utc_time dirty_since() const noexcept {
    return dirty_since_;
  }

  /// @returns the index price of the venue, if it has sent one since it was
  ///          last silent; so with funding and open interest.
  const std::optional<price>& index() const noexcept {
    return around_.index();
  }

  /// @returns what the venue last said about funding.
  const std::optional<funding_rate>& funding() const noexcept {
    return around_.funding();
  }

  /// @returns what the venue last said about open contracts.
  const std::optional<quantity>& open_interest() const noexcept {
    return around_.open_interest();
  }

  /// @returns how far the middle of this book lies above the reference price of
  ///          the other venue, in units of 1e-8 of that. Absent unless the feed
  ///          is live and the reference there and, by when it was heard, not
  ///          stale at `now`.
  std::optional<int64_t> basis_e8(utc_time now) const noexcept;

  /// @returns the kept bars, oldest first.
  std::vector<bar> history() const;

  /// @returns what is known around each of them.
  std::vector<bar_context> contexts() const;

private:
  struct closed_bar {
    bar value;
    bar_context around;
  };

  bool acceptable(const market_event& event, utc_time received) const noexcept;
  void take(const market_event& event, utc_time now);
  void spoil(bool interrupted);
  void apply(const market_event& event);
  void apply_level(const market_event& event, side which);
  void start_snapshot();
  void complete_group(const market_event& event);
  void add_trade(const market_event& event);
  void finish_batch(utc_time now, effects& out);
  feed_status verdict(utc_time now) const noexcept;
  bool silent(utc_time now) const noexcept;
  bool book_stale(utc_time now) const noexcept;
  utc_time silent_since(utc_time now) const noexcept;
  feed_health report(feed_status previous, utc_time now) const noexcept;
  price current_mark() const noexcept;
  void tell_mark(effects& out);
  void tell_quote(effects& out);
  void settle_bars(utc_time now);
  void tell_bars(effects& out);
  void want_book(utc_time now, effects& out);
  void judge(feed_status verdict, utc_time now, effects& out);

  void keep(const closed_bar& done) {
    if (settings_.history == 0)
      return;
    if (history_.size() < settings_.history)
      history_.push_back(done);
    else
      history_[oldest_] = done;
    oldest_ = oldest_ + 1 == settings_.history ? 0 : oldest_ + 1;
  }

  template <class T>
  std::vector<T> kept(T closed_bar::*part) const;

  symbol_id symbol_;
  feed_settings settings_;
  book book_;
  bar_aggregator bars_;
  bar_context_builder around_;
  feed_status status_ = feed_status::starting;
  // When the process last received something, by its own clock.
  utc_time last_event_;
  // Length of the bars of a source that has no trades, which is silent between
  // them and stale only after it.
  timespan bar_length_{0};
  // The latest time of the venue, of a trade, and of the book since its last
  // snapshot.
  utc_time venue_time_;
  utc_time trade_time_;
  utc_time book_time_;
  // All trades before it were told: the latest time of a trade or a mark.
  utc_time told_until_;
  // When the feed became live.
  utc_time live_since_;
  // Receipt of the last batch less its newest time of the venue.
  timespan lag_{0};
  // Zero while the feed is live and before it first is not.
  utc_time dirty_since_;
  // When the last event of the book was received.
  utc_time book_event_;
  // Since when the book has been wrong, zero while it is not; when it was asked
  // for.
  utc_time wrong_since_;
  utc_time wanted_;
  uint64_t book_sequence_ = 0;
  bool has_book_ = false;
  bool book_gapped_ = false;
  // What `book_gapped_` is due to.
  bool book_interrupted_ = false;
  // Since a snapshot, until its changes are as new as other events.
  bool catching_up_ = false;
  // Its last change was older than other events, with no snapshot to excuse it.
  bool book_late_ = false;
  // Between a reset and its completion.
  bool in_snapshot_ = false;
  // Between a level change and its completion.
  bool in_group_ = false;
  // Zero: the venue has sent none so far.
  price venue_mark_;
  heard_reference reference_;
  // What was told last; reset when the feed is not live.
  price told_mark_;
  quote told_quote_;
  uint64_t rejected_ = 0;
  uint64_t gaps_ = 0;
  uint64_t events_ = 0;
  // Ring; `oldest_` is the next slot to overwrite.
  std::vector<closed_bar> history_;
  size_t oldest_ = 0;
  // Bars that the current input closed.
  std::vector<closed_bar> closed_;
};

} // namespace qalpha
