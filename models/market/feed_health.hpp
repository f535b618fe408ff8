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
  }
  return "unknown";
}

/// Fact: the verdict changed. FEED → RISK DESK, EXECUTOR, WATCHDOG.
struct feed_health {
  symbol_id symbol;
  utc_time time;
  feed_status status = feed_status::starting;
  feed_status previous = feed_status::starting;
  /// Time since the last event at the moment of the verdict.
  timespan age{0};
  /// Sequence gaps so far.
  uint64_t gaps = 0;
  /// Events so far.
  uint64_t events = 0;

  friend bool operator==(const feed_health&, const feed_health&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, feed_health& x) {
    return f(caf::meta::type_name("feed_health"), x.symbol, x.time, x.status,
             x.previous, x.age, x.gaps, x.events);
  }
};

} // namespace qalpha
