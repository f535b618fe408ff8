// A server on this machine that does what a test wants: HTTP and WebSocket,
// with or without TLS, well-behaved or not.

#pragma once

#include "tests/runtime/loopback/test_authority.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qalpha::test {

struct http_question {
  std::string target;
  std::string range;
  /// Which connection of the server, from 1.
  uint64_t connection = 0;
};

struct http_answer {
  unsigned status = 200;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  /// If not empty, these bytes are sent instead.
  std::string raw;
  /// Says nothing more and leaves the connection open.
  bool hold = false;
  /// Closes the connection after the answer.
  bool last = false;
};

/// The server's end of a WebSocket. All members may be called from any thread.
class server_socket {
public:
  virtual ~server_socket() = default;

  virtual uint64_t number() const = 0;
  virtual std::string target() const = 0;
  virtual void send(std::string text) = 0;
  virtual void ping(std::string payload) = 0;
  /// Sends bytes that need not be a frame.
  virtual void raw(std::string bytes) = 0;
  virtual void close(uint16_t code, std::string reason) = 0;
  /// Cuts the connection with an RST.
  virtual void reset() = 0;
};

using server_socket_ptr = std::shared_ptr<server_socket>;

/// What the server does. Called on its thread.
struct server_script {
  std::function<http_answer(const http_question&)> on_get;
  std::function<void(const server_socket_ptr&)> on_open;
  std::function<void(const server_socket_ptr&, std::string_view)> on_text;
  std::function<void(const server_socket_ptr&, std::string_view)> on_pong;
  std::function<void(const server_socket_ptr&)> on_closed;
  /// Accepts connections and never says a word.
  bool mute = false;
};

class loopback_server {
public:
  /// @param shown nothing for plain text
  loopback_server(std::optional<credentials> shown, server_script script);

  ~loopback_server();

  loopback_server(const loopback_server&) = delete;
  loopback_server& operator=(const loopback_server&) = delete;

  uint16_t port() const;

private:
  class service;

  std::unique_ptr<service> service_;
};

} // namespace qalpha::test
