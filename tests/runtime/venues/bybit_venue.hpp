// A venue on this machine that speaks like Bybit and does what a test wants.

#pragma once

#include "models/market/instrument.hpp"
#include "runtime/net/loopback_server.hpp"
#include "tests/runtime/loopback/guarded.hpp"
#include "tests/runtime/loopback/test_authority.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace qalpha::test {

/// BTCUSDT and ETHUSDT with a tick of 0.1 and a lot of 0.001.
universe bitcoin_and_ether();

/// What the venue knows of one symbol.
struct bybit_symbol {
  uint64_t update = 10;
  uint64_t trades = 0;
  /// Its best prices; asks are one tick above.
  int64_t bid_ticks = 1'000;
  /// Snapshots that were sent.
  uint64_t snapshots = 0;
};

struct bybit_state {
  std::map<std::string, bybit_symbol> symbols;
  /// By socket: what it subscribes to.
  std::map<server_socket_ptr, std::set<std::string>> sockets;
  /// Messages sent, since each is a moment later than the one before.
  int64_t sent = 0;
};

class bybit_venue {
public:
  explicit bybit_venue(const universe& traded);

  /// As above, certified by `authority` and not by one of its own.
  bybit_venue(const universe& traded, const test_authority& authority);

  std::string rest() const;
  std::string streams() const;
  std::string ca_file() const;

  guarded<bybit_state>& state() {
    return state_;
  }

  /// Everything that comes without an occasion, of all symbols.
  void tick();

  /// Sends a change of the quantity at the best bid.
  void depth(const std::string& symbol);

  /// A change that claims to be from the future.
  void depth_ahead(const std::string& symbol, std::chrono::milliseconds by);

  /// Moves the best prices.
  void move(const std::string& symbol, int64_t bid_ticks);

  /// Cuts all connections.
  void reset();

private:
  void serve(const universe& traded, const test_authority& authority);
  http_answer on_get(const http_question& question);
  void on_text(const server_socket_ptr& socket, std::string_view text);

  std::optional<test_authority> own_;
  std::string ca_file_;
  guarded<bybit_state> state_;
  std::unique_ptr<loopback_server> server_;
};

} // namespace qalpha::test
