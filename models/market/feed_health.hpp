// Whether a symbol's market data may be traded on.

#pragma once

#include "models/market/symbol_id.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <string_view>

namespace qalpha {

/// Verdict on a feed. Only `live` is tradable.
enum class feed_status : uint8_t {
  /// No data yet.
  starting,
  /// Data are fresh and the book, if there is one, is exact and uncrossed.
  live,
  /// Nothing arrived for longer than the limit.
  stale,
  /// Updates were missed; the book waits for a snapshot.
  gapped,
  /// Best bid is at or above best ask.
  crossed,
  /// The connection was lost or messages were dropped on the way; the book
  /// waits for a snapshot.
  interrupted,
};

/// @relates feed_status
constexpr std::string_view to_string(feed_status x) noexcept {
  switch (x) {
    case feed_status::starting:
      return "starting";
    case feed_status::live:
      return "live";
    case feed_status::stale:
      return "stale";
    case feed_status::gapped:
      return "gapped";
    case feed_status::crossed:
      return "crossed";
    case feed_status::interrupted:
      return "interrupted";
  }
  return "unknown";
}

/// Whether the book is known to be the venue's.
enum class sequence_state : uint8_t {
  /// The source has sent no book.
  none,
  /// Every group since the last snapshot came.
  exact,
  /// A snapshot has begun and is not complete.
  rebuilding,
  /// A group is missing, or a change could not be right.
  gapped,
  /// Messages were lost on the way.
  interrupted,
};

/// @relates sequence_state
constexpr std::string_view to_string(sequence_state x) noexcept {
  switch (x) {
    case sequence_state::none:
      return "none";
    case sequence_state::exact:
      return "exact";
    case sequence_state::rebuilding:
      return "rebuilding";
    case sequence_state::gapped:
      return "gapped";
    case sequence_state::interrupted:
      return "interrupted";
  }
  return "unknown";
}

/// Fact: the verdict changed. FEED → RISK DESK, EXECUTOR, WATCHDOG.
struct feed_health {
  symbol_id symbol;
  utc_time time;
  feed_status status = feed_status::starting;
  feed_status previous = feed_status::starting;
  /// Time since the last event at the moment of the verdict; of the last one of
  /// the book, if it is the book that is stale.
  timespan age{0};
  /// Sequence gaps so far.
  uint64_t gaps = 0;
  /// Events so far.
  uint64_t events = 0;
  /// Receipt of the last batch less its newest time of the venue. It holds the
  /// difference of both clocks, so that only one who knows that may read a
  /// delay from it; it can be negative.
  timespan lag{0};
  sequence_state sequence = sequence_state::none;
  /// Since when the data have not been trustworthy; zero while they are, and
  /// before the first.
  utc_time dirty_since;

  friend bool operator==(const feed_health&, const feed_health&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, feed_health& x) {
    return f(caf::meta::type_name("feed_health"), x.symbol, x.time, x.status,
             x.previous, x.age, x.gaps, x.events, x.lag, x.sequence,
             x.dirty_since);
  }
};

} // namespace qalpha
