// A session of WebSocket with a server on the loopback.

#pragma once

#include "runtime/net/loopback_server.hpp"
#include "runtime/net/websocket_session.hpp"

#include "tests/runtime/loopback/guarded.hpp"
#include "tests/runtime/loopback/test_authority.hpp"

#include <caf/test/dsl.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace qalpha::test {

struct heard {
  bool open = false;
  std::vector<std::string> messages;
  std::vector<std::string> closed;
  // How many messages had come when it was said that these were all.
  std::vector<size_t> drained;
};

struct at_server {
  std::vector<server_socket_ptr> sockets;
  std::vector<std::string> texts;
  std::vector<std::string> pongs;
  size_t closed = 0;
};

/// @returns a frame of less than 16 MiB with these first bits.
inline std::string frame(char first, std::string_view payload) {
  auto length = payload.size();
  std::string result{first};
  if (length < 126) {
    result += static_cast<char>(length);
  } else {
    result += '\x7f';
    for (int shift = 56; shift >= 0; shift -= 8)
      result += static_cast<char>(length >> shift & 0xFF);
  }
  return result.append(payload);
}

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A session and a server on the loopback, and what both have heard.
struct websocket_fixture {
  test_authority authority;
  guarded<heard> client;
  guarded<at_server> server;
  network_thread home;
  std::unique_ptr<websocket_session> session;
  // Set while nothing is on its way.
  std::function<void(std::string_view)> on_message;

  ~websocket_fixture() {
    home.run([this] { session.reset(); });
  }

  server_script script() {
    return {
      .on_open =
        [this](const server_socket_ptr& socket) {
          server.change([&](auto& x) { x.sockets.push_back(socket); });
        },
      .on_text =
        [this](const server_socket_ptr&, std::string_view text) {
          server.change([&](auto& x) { x.texts.emplace_back(text); });
        },
      .on_pong =
        [this](const server_socket_ptr&, std::string_view payload) {
          server.change([&](auto& x) { x.pongs.emplace_back(payload); });
        },
      .on_closed =
        [this](const server_socket_ptr&) {
          server.change([](auto& x) { ++x.closed; });
        },
    };
  }

  void open(const loopback_server& to, websocket_limits limits = {},
            std::string host = "localhost", bool tls = true) {
    auto trust = tls_trust::make(authority.file());
    CAF_REQUIRE(bool{trust});
    address where{{std::move(host), to.port(), tls, authority.file()}, "/x"};
    home.run([&] {
      session = std::make_unique<websocket_session>(
        home, *trust, where, limits,
        websocket_session::callbacks{
          [this] { client.change([](auto& x) { x.open = true; }); },
          [this](utc_time at, std::string_view message) {
            client.change([&](auto& x) {
              x.messages.emplace_back(at.ns > 0 ? message : "no time");
            });
            if (on_message)
              on_message(message);
          },
          [this](const std::string& reason) {
            client.change([&](auto& x) { x.closed.push_back(reason); });
          },
          [this] {
            client.change(
              [](auto& x) { x.drained.push_back(x.messages.size()); });
          }});
    });
  }

  bool heard_all(const std::vector<std::string>& expected) {
    auto arrived = client.wait(
      [&](auto& x) { return x.messages.size() >= expected.size(); });
    return arrived && client.copy().messages == expected;
  }

  server_socket_ptr connected() {
    CAF_REQUIRE(server.wait([](auto& x) { return !x.sockets.empty(); }));
    return server.copy().sockets.front();
  }

  std::string reason() {
    CAF_REQUIRE(client.wait([](auto& x) { return !x.closed.empty(); }));
    auto all = client.copy().closed;
    CAF_CHECK_EQUAL(all.size(), 1u);
    CAF_MESSAGE(all.front());
    return all.front();
  }

  websocket_counters counters() {
    websocket_counters result;
    home.run([&] { result = session->counters(); });
    return result;
  }

  bool send(std::string text) {
    bool result = false;
    home.run([&] { result = session->send(std::move(text)); });
    return result;
  }
};

} // namespace qalpha::test
