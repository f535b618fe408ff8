// One connection to a venue that is kept up.

#pragma once

#include "runtime/net/network_thread.hpp"
#include "runtime/net/tls_trust.hpp"
#include "runtime/net/websocket_session.hpp"
#include "runtime/venues/collector_settings.hpp"
#include "runtime/venues/raw_tap.hpp"
#include "runtime/venues/reconnect_policy.hpp"
#include "runtime/venues/request_budget.hpp"
#include "runtime/venues/stream_watch.hpp"
#include "runtime/venues/venue_dialect.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qalpha {

/// What a line tells its collector.
class line_listener {
public:
  virtual void on_messages(utc_time received, const message_list& messages) = 0;

  /// There are no more messages for now. May come once too often.
  virtual void on_drained() = 0;

  /// The streams of `symbol` on this line deliver, or one of them does not.
  virtual void on_proved(size_t line, symbol_id symbol, bool all) = 0;

  /// The connection is gone, and with it what was sent meanwhile.
  virtual void on_lost(size_t line) = 0;

protected:
  ~line_listener() = default;
};

/// What the lines of a collector share. Outlives them.
struct line_context {
  network_thread& home;
  const tls_trust& trust;
  venue_dialect& dialect;
  request_budget& connections;
  line_counters& counters;
  line_listener& listener;
  raw_tap& tap;
  const line_settings& settings;
};

/// Connects, subscribes, waits for the first message of each stream, and
/// connects again when something ends the connection:
///
///   waiting ──▶ connecting ──▶ proving ──▶ live ──▶ rolling over
///      ▲            │             │          │            │
///      └────────────┴─────────────┴──────────┴────────────┘
///
/// To roll over it opens a second connection and keeps what that one brings.
/// When all its streams have delivered for a while, and the first connection
/// has brought what they began with, it closes that and tells what was kept:
/// nothing is lost, and what came twice the listener drops by its number. If
/// the first connection ends earlier, the second takes over at once. For the
/// network thread only.
class stream_line {
public:
  stream_line(line_context& shared, size_t index, line_plan plan,
              uint64_t seed);

  stream_line(const stream_line&) = delete;
  stream_line& operator=(const stream_line&) = delete;

  ~stream_line();

  void start();

  /// Hangs up, and tells a recording so: who continues it would take what comes
  /// next for the continuation of what came last.
  void stop();

  /// Adds what the open connections counted themselves.
  void add_counters(line_counters& to) const;

  /// Subscribes anew, for the snapshot that some venues send then.
  void resubscribe(symbol_id symbol, size_t kind);

  const std::vector<stream_spec>& streams() const noexcept {
    return plan_.streams;
  }

private:
  struct link;

  void connect_later(timespan pause);
  void connect();
  std::unique_ptr<link> open();
  void on_open(link& which);
  size_t subscribe(link& to, const std::vector<std::string>& names);
  void beat();
  void watch();
  bool watch(link& of);
  void on_message(link& from, utc_time received, std::string_view bytes);
  bool decode(std::string_view bytes);
  void note(link& from);
  void note_numbers(link& from);
  void on_reply(const venue_reply& reply);
  void on_closed(link& which, const std::string& reason);
  void lose(const std::string& reason);
  void roll_over();
  void abandon_successor(const std::string& reason);
  void take_over_in_step();
  void take_over();
  void announce();
  void end(std::unique_ptr<link>& which, const std::string& reason);
  void hang_up(std::unique_ptr<link>& which, const std::string& reason);

  line_context& shared_;
  size_t index_;
  line_plan plan_;
  reconnect_policy policy_;
  std::unique_ptr<link> current_;
  std::unique_ptr<link> successor_;
  message_list messages_;
  // By symbol: what the listener was told last.
  std::vector<bool> told_;
  uint64_t generation_ = 0;
  uint64_t command_ = 0;
  network_timer reconnect_;
  network_timer watchdog_;
  network_timer heartbeat_;
  network_timer roll_over_;
  network_timer overlap_;
};

} // namespace qalpha
