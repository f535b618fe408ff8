// What is asked of a venue on behalf of its symbols.

#pragma once

#include "models/market/instrument.hpp"
#include "runtime/net/network_thread.hpp"
#include "runtime/venues/clock_offset.hpp"
#include "runtime/venues/collector_settings.hpp"
#include "runtime/venues/market_sink.hpp"
#include "runtime/venues/raw_tap.hpp"
#include "runtime/venues/reconnect_policy.hpp"
#include "runtime/venues/rest_queue.hpp"
#include "runtime/venues/symbol_track.hpp"
#include "runtime/venues/venue_dialect.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// Owns the tracks of all symbols, asks for the snapshots and trades that they
/// want, and passes their events on. For the network thread only; it must
/// outlive what it posted there.
class symbol_desk {
public:
  /// Asks the venue to send the snapshot of a symbol in its stream.
  using renew = std::function<void(symbol_id)>;

  symbol_desk(network_thread& home, venue_dialect& dialect,
              const universe& instruments, rest_queue& rest,
              const collector_settings& settings, market_sink& sink,
              raw_tap& tap, renew ask_stream);

  symbol_desk(const symbol_desk&) = delete;
  symbol_desk& operator=(const symbol_desk&) = delete;

  /// Asks for the clock, the bars from before the start and, now and then, the
  /// open interest.
  void start();

  /// Takes what streams bring. Its events wait for `flush`, so that many
  /// messages become one batch a symbol.
  void take(utc_time received, const message_list& messages);

  /// Passes on the events that wait.
  void flush();

  void ready(symbol_id symbol, bool all);

  /// A connection of the symbol is gone.
  void interrupt(symbol_id symbol);

  /// The reader of the events has another book: what it has is void.
  void resync(symbol_id symbol);

  void add_counters(collector_counters& to) const;

  std::optional<timespan> clock_difference() const {
    return clock_.value();
  }

private:
  struct desk {
    desk(network_thread& home, const symbol_track_settings& track,
         const reconnect_pace& pace, uint64_t seed)
      : track(track), snapshot_pace(pace, seed), trades_pace(pace, ~seed),
        bars_pace(pace, seed), snapshot_timer(home), trades_timer(home),
        bars_timer(home), interest_timer(home) {
      // nop
    }

    symbol_track track;
    // What waits to be passed on, and when the last of it was received.
    std::vector<market_event> events;
    utc_time received;
    bool touched = false;
    reconnect_policy snapshot_pace;
    reconnect_policy trades_pace;
    reconnect_policy bars_pace;
    network_timer snapshot_timer;
    network_timer trades_timer;
    network_timer bars_timer;
    network_timer interest_timer;
    // A question is under way, or the pause before the next one.
    bool snapshot_asked = false;
    bool trades_asked = false;
  };

  void ask(rest_request question, std::function<void(rest_answer)> answered,
           std::function<void()> failed);
  desk& touch(symbol_id symbol, utc_time received);
  void pass_on(symbol_id symbol);
  void pursue(symbol_id symbol);
  void pursue_snapshot(symbol_id symbol);
  void on_snapshot(symbol_id symbol, const rest_answer& answer);
  void snapshot_later(symbol_id symbol);
  void pursue_trades(symbol_id symbol);
  void on_trades(symbol_id symbol, uint64_t from, const rest_answer& answer);
  void trades_later(symbol_id symbol);
  void ask_bars(symbol_id symbol);
  void ask_interest(symbol_id symbol);
  void ask_clock();

  network_thread& home_;
  venue_dialect& dialect_;
  const universe& instruments_;
  rest_queue& rest_;
  const collector_settings& settings_;
  market_sink& sink_;
  raw_tap& tap_;
  renew ask_stream_;
  std::deque<desk> desks_;
  // With something that waits.
  std::vector<symbol_id> touched_;
  clock_offset clock_;
  network_timer clock_timer_;
  uint64_t bad_answers_ = 0;
  uint64_t resyncs_ = 0;
};

} // namespace qalpha
