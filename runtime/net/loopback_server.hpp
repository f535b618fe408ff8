// A server on this machine: HTTP and WebSocket, with or without TLS, which does
// what its script wants, well-behaved or not.

#pragma once

#include "runtime/net/network_thread.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qalpha {

/// What a server shows, in PEM.
struct server_credentials {
  std::string key;
  std::string chain;
};

/// What somebody asks.
struct http_question {
  std::string target;
  std::string range;
  /// Which connection of the server, from 1.
  uint64_t connection = 0;
};

/// What is answered.
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
  /// @returns how many of the calls above wait for the socket to take them.
  virtual size_t waiting() const = 0;
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

/// Listens on a free port of 127.0.0.1. A peer that does not read keeps what is
/// sent to it in memory: whoever sends has to know that it is read.
class loopback_server {
public:
  /// @param shown nothing for plain text
  loopback_server(std::optional<server_credentials> shown,
                  server_script script);

  ~loopback_server();

  loopback_server(const loopback_server&) = delete;
  loopback_server& operator=(const loopback_server&) = delete;

  uint16_t port() const;

  /// @returns the thread that it lives on, which sends without another's help.
  network_thread& home();

private:
  class service;

  std::unique_ptr<service> service_;
};

} // namespace qalpha
