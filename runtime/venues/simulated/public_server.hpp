// The public side of a simulated venue, over sockets of this machine.

#pragma once

#include "models/market/bar.hpp"
#include "models/market/instrument.hpp"
#include "models/market/market_event.hpp"
#include "runtime/net/loopback_server.hpp"
#include "runtime/venues/json_message.hpp"
#include "runtime/venues/simulated/binance_publisher.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// What a `public_server` did.
struct public_server_counters {
  /// Messages of streams that were sent, one a subscriber.
  uint64_t messages = 0;
  /// Replies to commands.
  uint64_t replies = 0;
  /// Questions over REST that were answered, and that were refused.
  uint64_t answers = 0;
  uint64_t refused = 0;

  friend bool
  operator==(const public_server_counters&, const public_server_counters&)
    = default;
};

/// Speaks like Binance USDⓈ-M about a simulated market: combined streams on
/// `/public/stream` and `/market/stream`, each with its own kinds and silent
/// about the others, and questions on `/fapi/v1/`. Plain text, on a free port
/// of 127.0.0.1. Its clock is that of the market.
///
/// What is published is in the answers before it is on its way to subscribers.
/// From any thread.
class public_server {
public:
  /// @pre `all` outlives the server
  explicit public_server(const universe& all);

  /// @returns the address of REST, "http://127.0.0.1:PORT".
  std::string rest() const;

  /// @returns the address below which the two paths are, "ws://127.0.0.1:PORT".
  std::string streams() const;

  /// Takes a bar from before the start, oldest first.
  void restore(const bar_closed& past);

  /// Takes what nobody is told of, such as books from before a restart.
  void prepare(const market_batch& batch);

  /// Sends what is published about `batch` to whoever subscribed to it.
  void publish(const market_batch& batch);

  /// Waits until each stream of each symbol has a subscriber.
  /// @returns the streams that have none; empty within `limit`, or what is
  ///          missing after it.
  std::vector<std::string> wait_for_subscribers(std::chrono::nanoseconds limit);

  /// Cuts the connections of all subscribers, as venues do once a day.
  void hang_up();

  public_server_counters counters() const;

private:
  struct stream {
    std::string path;
    // By number of the connection.
    std::map<uint64_t, server_socket_ptr> subscribers;
  };

  void on_text(const server_socket_ptr& socket, std::string_view text);
  void subscribe(const server_socket_ptr& socket, const std::string& name);
  void unsubscribe(uint64_t connection, const std::string& name);
  void on_closed(uint64_t connection);
  http_answer on_get(std::string_view target);
  std::string answer(std::string_view target) const;
  const instrument* symbol_in(std::string_view target) const;
  std::vector<std::string> without_subscribers() const;

  const universe& all_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  binance_publisher publisher_;
  std::vector<stream_message> said_;
  json_message command_{stream_limits};
  std::map<std::string, stream, std::less<>> streams_;
  public_server_counters counters_;
  utc_time now_;
  // Last: it calls the others until it is gone.
  loopback_server server_;
};

} // namespace qalpha
