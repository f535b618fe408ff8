// A venue on this machine with one symbol, BTCUSDT, that speaks like Binance
// and does what a test wants.

#pragma once

#include "models/market/instrument.hpp"
#include "runtime/net/loopback_server.hpp"
#include "tests/runtime/loopback/guarded.hpp"
#include "tests/runtime/loopback/test_authority.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace qalpha::test {

/// BTCUSDT with a tick of 0.1 and a lot of 0.001.
universe one_symbol();

/// What the venue knows, and how it behaves.
struct venue_state {
  /// Its update `u` sets the best bid to `u` lots.
  uint64_t depth = 100;
  uint64_t trades = 0;
  uint64_t marks = 0;
  /// Streams that are acknowledged and never sent.
  std::set<std::string> ignored;
  /// Answers of REST that replace the genuine ones, by path.
  std::map<std::string, std::vector<http_answer>> instead;
  size_t trades_a_page = 1'000;

  // -- what happened ----------------------------------------------------------

  /// By socket: the streams it subscribes to.
  std::map<server_socket_ptr, std::set<std::string>> sockets;
  std::vector<std::chrono::steady_clock::time_point> connected;
  std::vector<std::string> commands;
  std::map<std::string, std::vector<std::chrono::steady_clock::time_point>>
    asked;
};

class loopback_venue {
public:
  loopback_venue();

  std::string rest() const;
  std::string streams() const;
  std::string ca_file() const;

  const test_authority& authority() const {
    return authority_;
  }

  guarded<venue_state>& state() {
    return state_;
  }

  /// The market moves; subscribers hear of it unless `silently`.
  void trade(bool silently = false);
  void depth(bool silently = false);

  /// A change that claims to be from the future.
  void depth_ahead(std::chrono::milliseconds by);

  /// Many trades in one write.
  void trades(uint64_t count);

  /// Sends to all sockets.
  void send(const std::string& text);

  /// Cuts all connections.
  void reset();

private:
  http_answer on_get(const http_question& question);
  void on_text(const server_socket_ptr& socket, std::string_view text);

  test_authority authority_;
  guarded<venue_state> state_;
  std::unique_ptr<loopback_server> server_;
};

} // namespace qalpha::test
