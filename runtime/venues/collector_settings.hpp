// Bounds and times of a collector, and what it counts.

#pragma once

#include "models/market/time.hpp"
#include "runtime/net/websocket_session.hpp"
#include "runtime/venues/reconnect_policy.hpp"
#include "runtime/venues/request_budget.hpp"
#include "runtime/venues/rest_queue.hpp"
#include "runtime/venues/symbol_track.hpp"
#include "runtime/venues/venue_message.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace qalpha {

/// Settings of a connection that is kept up.
struct line_settings {
  websocket_limits socket;

  reconnect_pace reconnect;

  /// A connection that was up for less counts as another failure, so that a
  /// server that accepts and hangs up is not stormed.
  timespan proven_after = std::chrono::seconds{10};

  /// How often silent streams are looked for.
  timespan watch_interval = std::chrono::seconds{1};

  /// How often the venue's heartbeat is sent: Bybit asks for 20 s.
  timespan heartbeat_interval = std::chrono::seconds{20};

  /// When a connection is replaced by a new one; zero is never. Binance cuts
  /// off after 24 hours.
  timespan roll_over_after = std::chrono::minutes{24 * 60 - 10};

  /// How long old and new connection both run once all streams of the new one
  /// deliver: far longer than one can lag behind the other.
  timespan overlap = std::chrono::seconds{2};

  /// Time for the new connection to deliver; then it is given up and tried
  /// again.
  timespan roll_over_limit = std::chrono::minutes{2};

  /// Bytes of the new connection that may wait for the old one to end.
  size_t most_overlap_bytes = size_t{64} << 20;
};

/// Settings of a collector.
struct collector_settings {
  line_settings line;

  /// Without `where` and `weight_header`, which the venue knows.
  rest_queue_settings rest;

  /// New connections of this address: Binance allows 300 in five minutes, Bybit
  /// 500.
  budget_limit connections{300, std::chrono::minutes{5}};

  /// After a snapshot or a page of trades that was of no use.
  reconnect_pace ask_again{std::chrono::milliseconds{500},
                           std::chrono::seconds{30}};

  /// Failures in a row after which missing trades are given up.
  uint64_t most_trade_failures = 8;

  /// How often the clock of the venue is asked for.
  timespan clock_interval = std::chrono::minutes{3};

  /// How often the open interest is asked for, where no stream tells it; zero
  /// is never.
  timespan interest_interval = std::chrono::seconds{15};

  /// Bars fetched at the start, so that features need not warm up live.
  size_t history_bars = 1'024;

  symbol_track_settings track;

  /// Chance that spreads reconnections comes from here.
  uint64_t seed = 1;
};

/// Counts of the streams of a collector.
struct line_counters {
  uint64_t messages = 0;
  uint64_t bytes = 0;
  /// By `decode_fault`.
  std::array<uint64_t, 8> decode_faults{};
  uint64_t connects = 0;
  uint64_t disconnects = 0;
  uint64_t roll_overs = 0;
  uint64_t failed_roll_overs = 0;
  /// Streams that were silent and subscribed to again.
  uint64_t resubscribed = 0;
  /// Connections given up since a second subscription did not help.
  uint64_t useless = 0;
  /// Commands that the venue refused.
  uint64_t refused_commands = 0;
  uint64_t shutdown_notices = 0;
  uint64_t heartbeats = 0;
  uint64_t pings = 0;
  uint64_t pongs = 0;
  /// Frames that were too long.
  uint64_t oversized = 0;

  friend bool operator==(const line_counters&, const line_counters&) = default;
};

/// All counts of a collector.
struct collector_counters {
  line_counters lines;
  rest_counters rest;
  /// Over all symbols.
  uint64_t depth_updates = 0;
  uint64_t depth_gaps = 0;
  uint64_t depth_duplicates = 0;
  uint64_t snapshots = 0;
  uint64_t snapshots_too_old = 0;
  trade_sequence_counts trades;
  uint64_t stale_marks = 0;
  /// Books that were begun anew since their reader asked for it.
  uint64_t resyncs = 0;
  /// Symbols whose book is told at present.
  uint64_t in_step = 0;
  /// Answers of REST that could not be read.
  uint64_t bad_answers = 0;
};

} // namespace qalpha
