#define CAF_SUITE net_websocket_endings

// How a session ends, and what it outlives.

#include "tests/runtime/net/websocket_fixture.hpp"

#include <caf/test/dsl.hpp>

using namespace qalpha;
using namespace qalpha::test;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(websocket_endings_tests, websocket_fixture)

CAF_TEST(garbage_behind_good_messages_ends_the_connection_after_them) {
  loopback_server to{authority.issue(), script()};
  open(to);
  connected()->raw(frame('\x81', "a") + frame('\x81', "b")
                   + frame('\xf1', "reserved bits") + frame('\x81', "c"));
  CAF_CHECK(has(reason(), "read: "));
  CAF_CHECK(client.copy().messages == (std::vector<std::string>{"a", "b"}));
}

CAF_TEST(a_peer_that_talks_is_not_asked_for_a_sign_of_life) {
  loopback_server to{authority.issue(), script()};
  open(to, {.idle = 1s});
  auto socket = connected();
  CAF_MESSAGE("for longer than the silence after which it is asked");
  auto end = std::chrono::steady_clock::now() + 800ms;
  for (size_t count = 1; std::chrono::steady_clock::now() < end; ++count) {
    socket->send("still here");
    CAF_REQUIRE(
      client.wait([&](auto& x) { return x.messages.size() == count; }));
  }
  CAF_CHECK(client.copy().closed.empty());
  CAF_CHECK_EQUAL(counters().pongs, 0u);
}

CAF_TEST(a_frame_that_is_too_long_ends_the_connection) {
  loopback_server to{authority.issue(), script()};
  open(to);
  // The head of a frame of 64 MiB: nothing of it is waited for.
  connected()->raw(std::string{"\x81\x7f\0\0\0\0\x04\0\0\0", 10});
  CAF_CHECK(has(reason(), "read: a message is longer than 4194304 bytes"));
  CAF_CHECK_EQUAL(counters().oversized, 1u);
}

CAF_TEST(garbage_ends_the_connection) {
  std::string cases[] = {
    "not a frame at all",
    {"\x80\x01x", 3},                // continues nothing
    {"\xf1\x01x", 3},                // reserved bits
    {"\x81\x02\xc3\x28", 4},         // no UTF-8
    {"\x89\x7e\x01\x00", 4},         // a ping that is too long
    {"\x81\x81\x01\x02\x03\x04x", 7} // masked by a server
  };
  for (auto& bytes : cases) {
    client.change([](auto& x) { x = {}; });
    server.change([](auto& x) { x = {}; });
    loopback_server to{authority.issue(), script()};
    open(to);
    connected()->raw(bytes);
    CAF_CHECK(has(reason(), "read: "));
    CAF_CHECK(client.copy().messages.empty());
  }
}

CAF_TEST(a_close_of_the_server_tells_its_code) {
  loopback_server to{authority.issue(), script()};
  open(to);
  connected()->close(1012, "maintenance");
  CAF_CHECK(has(reason(), "closed by the server, code 1012 'maintenance'"));
}

CAF_TEST(a_reset_is_named) {
  loopback_server to{authority.issue(), script()};
  open(to);
  connected()->reset();
  CAF_CHECK(has(reason(), "read: Connection reset by peer"));
}

CAF_TEST(a_peer_that_gives_no_sign_of_life_is_gone) {
  guarded<bool> released;
  auto behaviour = script();
  // The server's thread is stuck, so that no pong comes.
  behaviour.on_text = [&](const server_socket_ptr&, std::string_view) {
    released.wait([](bool x) { return x; });
  };
  loopback_server to{authority.issue(), behaviour};
  open(to, {.idle = 100ms});
  CAF_CHECK(send("x"));
  CAF_CHECK(has(reason(), "read: silent for 100 ms"));
  released.change([](bool& x) { x = true; });
}

CAF_TEST(a_quiet_peer_that_answers_pings_stays) {
  loopback_server to{authority.issue(), script()};
  open(to, {.idle = 20ms});
  auto socket = connected();
  while (counters().pongs < 3)
    CAF_REQUIRE(client.copy().closed.empty());
  socket->send("still here");
  CAF_CHECK(client.wait([](auto& x) { return x.messages.size() == 1; }));
}

CAF_TEST(a_handshake_that_takes_too_long_is_given_up) {
  loopback_server mute{authority.issue(), {.mute = true}};
  open(mute, {.connect = 50ms});
  CAF_CHECK(has(reason(), "tls: no answer in time"));
}

CAF_TEST(an_answer_that_is_no_upgrade_is_named) {
  loopback_server plain{std::nullopt, script()};
  open(plain);
  CAF_CHECK(has(reason(), "tls: "));
}

CAF_TEST(certificates_are_checked) {
  loopback_server to{authority.issue({.names = {"elsewhere"}}), script()};
  open(to);
  CAF_CHECK(has(reason(), "tls: certificate refused: hostname mismatch"));
}

CAF_TEST(a_session_that_is_closed_says_good_bye_and_nothing_else) {
  loopback_server to{authority.issue(), script()};
  open(to);
  auto socket = connected();
  CAF_REQUIRE(client.wait([](auto& x) { return x.open; }));
  home.run([this] { session->close(); });
  CAF_CHECK(server.wait([](auto& x) { return x.closed == 1; }));
  CAF_CHECK(client.copy().closed.empty());
}

CAF_TEST(a_session_may_be_dropped_at_any_time) {
  auto behaviour = script();
  behaviour.on_text = [](const server_socket_ptr& socket,
                         std::string_view text) {
    socket->send(std::string{text});
  };
  loopback_server to{authority.issue(), behaviour};
  for (int i = 0; i < 20; ++i) {
    open(to);
    home.run([this] { session.reset(); });
  }
  open(to);
  send("x");
  CAF_CHECK(client.wait([](auto& x) { return x.messages.size() == 1; }));
}

CAF_TEST(the_thread_stops_with_connections_open) {
  loopback_server to{authority.issue(), script()};
  network_thread other;
  auto trust = tls_trust::make(authority.file());
  CAF_REQUIRE(bool{trust});
  address where{{"localhost", to.port(), true, authority.file()}, "/x"};
  std::unique_ptr<websocket_session> left;
  other.run([&] {
    left = std::make_unique<websocket_session>(
      other, *trust, where, websocket_limits{}, websocket_session::callbacks{});
  });
  connected();
  other.stop();
  left.reset();
}

CAF_TEST_FIXTURE_SCOPE_END()
