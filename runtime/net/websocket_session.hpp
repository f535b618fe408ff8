// One WebSocket connection.

#pragma once

#include "models/market/time.hpp"
#include "runtime/net/endpoint.hpp"
#include "runtime/net/network_thread.hpp"
#include "runtime/net/tls_trust.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace qalpha {

/// Bounds of a connection.
struct websocket_limits {
  /// From the name of the host to the end of the handshake.
  std::chrono::milliseconds connect{10'000};

  /// Silence after which the peer counts as gone. After half of it a ping asks
  /// for a sign of life. Ten seconds is what a trader can live with.
  std::chrono::milliseconds idle{10'000};

  /// Time for the peer to answer a close.
  std::chrono::milliseconds close{1'000};

  /// Longest message. The largest genuine one, a snapshot of a deep book, has
  /// a tenth of it.
  size_t largest_message = 4 * 1024 * 1024;

  /// Shortest time between two commands: Binance cuts off above 10 a second.
  std::chrono::milliseconds between_sends{200};

  /// Commands that may wait to be sent.
  size_t most_waiting = 1'024;
};

/// What happened on a connection.
struct websocket_counters {
  uint64_t messages = 0;
  uint64_t bytes = 0;
  uint64_t pings = 0;
  uint64_t pongs = 0;
  uint64_t commands = 0;
  /// Connections that ended by a message that was too long.
  uint64_t oversized = 0;

  friend bool operator==(const websocket_counters&, const websocket_counters&)
    = default;
};

/// Connects, reads until something ends it, and says why. It never connects
/// again: a new connection is a new session. All members and callbacks are for
/// the network thread only; a callback may close the session, or drop it.
class websocket_session {
public:
  struct callbacks {
    std::function<void()> on_open = {};

    /// `message` is valid during the call only.
    std::function<void(utc_time received, std::string_view message)> on_message
      = {};

    /// The last call, once, unless the owner closed or dropped the session.
    /// `reason` names host, phase and reason.
    std::function<void(const std::string& reason)> on_closed = {};

    /// All messages that have come so far were told: for whoever would rather
    /// work once for many. Follows `on_message` before anything is waited for,
    /// unless the session ends.
    std::function<void()> on_drained = {};
  };

  /// Begins to connect.
  websocket_session(network_thread& home, const tls_trust& trust, address to,
                    websocket_limits limits, callbacks listener);

  websocket_session(const websocket_session&) = delete;
  websocket_session& operator=(const websocket_session&) = delete;

  /// Closes.
  ~websocket_session();

  /// Sends a command when those before it are sent and the rate allows it.
  /// @returns `false` if too many are waiting; then the command is dropped.
  bool send(std::string command);

  /// Says good-bye without waiting for an answer, and calls nothing any more.
  void close();

  const websocket_counters& counters() const noexcept;

private:
  class connection;

  std::shared_ptr<connection> connection_;
};

} // namespace qalpha
