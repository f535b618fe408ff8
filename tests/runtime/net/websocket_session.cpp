#define CAF_SUITE net_websocket_session

#include "runtime/net/websocket_session.hpp"
#include "runtime/net/loopback_server.hpp"

#include "tests/runtime/loopback/guarded.hpp"
#include "tests/runtime/loopback/test_authority.hpp"

#include <caf/test/dsl.hpp>

#include <random>

using namespace qalpha;
using namespace qalpha::test;
using namespace std::chrono_literals;

namespace {

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
std::string frame(char first, std::string_view payload) {
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

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

struct fixture {
  test_authority authority;
  guarded<heard> client;
  guarded<at_server> server;
  network_thread home;
  std::unique_ptr<websocket_session> session;
  // Set while nothing is on its way.
  std::function<void(std::string_view)> on_message;

  ~fixture() {
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

} // namespace

CAF_TEST_FIXTURE_SCOPE(websocket_session_tests, fixture)

CAF_TEST(messages_go_both_ways_in_order) {
  loopback_server to{authority.issue(), script()};
  open(to, {.between_sends = 1ms});
  for (auto text : {"a", "b", "c"})
    CAF_CHECK(send(text));
  CAF_CHECK(server.wait([](auto& x) { return x.texts.size() == 3; }));
  CAF_CHECK(server.copy().texts == (std::vector<std::string>{"a", "b", "c"}));
  auto socket = connected();
  CAF_CHECK_EQUAL(socket->target(), "/x");
  std::string large(300'000, 'x');
  socket->send("1");
  socket->send(large);
  CAF_CHECK(client.wait([](auto& x) { return x.messages.size() == 2; }));
  CAF_CHECK(client.copy().messages == (std::vector<std::string>{"1", large}));
  auto counted = counters();
  CAF_CHECK_EQUAL(counted.messages, 2u);
  CAF_CHECK_EQUAL(counted.bytes, 300'001u);
  CAF_CHECK_EQUAL(counted.commands, 3u);
}

CAF_TEST(a_burst_is_told_in_order_and_then_said_to_be_all) {
  loopback_server to{authority.issue(), script()};
  open(to);
  auto socket = connected();
  socket->send("first");
  CAF_REQUIRE(heard_all({"first"}));
  CAF_MESSAGE("one record of TLS, so that all of it comes at once");
  std::vector<std::string> expected{"first"};
  std::string burst;
  for (int i = 0; i < 500; ++i) {
    expected.push_back(std::to_string(i) + std::string(i % 7, '.'));
    burst += frame('\x81', expected.back());
  }
  socket->raw(burst);
  CAF_CHECK(heard_all(expected));
  CAF_REQUIRE(client.wait([](auto& x) { return x.drained.back() == 501; }));
  CAF_CHECK(client.copy().drained == (std::vector<size_t>{1, 501}));
  CAF_CHECK_EQUAL(counters().messages, 501u);
}

CAF_TEST(whatever_is_in_a_burst_keeps_its_place) {
  std::string large(100'000, 'l');
  std::string longest_short(64'000, 's');
  auto burst = frame('\x81', "a") + frame('\x89', "ping") + frame('\x81', "")
               + frame('\x01', "in ") + frame('\x80', "pieces")
               + frame('\x81', "gr\xc3\xbc\xc3\x9f") + frame('\x81', large)
               + frame('\x82', "binary") + frame('\x81', longest_short)
               + frame('\x8a', "unasked") + frame('\x81', "z");
  std::vector<std::string> expected{
    "a",   "",       "in pieces",   "gr\xc3\xbc\xc3\x9f",
    large, "binary", longest_short, "z"};
  std::mt19937 dice{11};
  for (auto largest_piece : {200'000u, 5'000u, 1'000u}) {
    client.change([](auto& x) { x = {}; });
    server.change([](auto& x) { x = {}; });
    loopback_server to{authority.issue(), script()};
    open(to);
    auto socket = connected();
    for (size_t i = 0; i < burst.size();) {
      auto length = 1 + dice() % largest_piece;
      socket->raw(burst.substr(i, length));
      i += length;
    }
    CAF_CHECK(heard_all(expected));
    CAF_CHECK(server.wait([](auto& x) { return x.pongs.size() == 1; }));
    CAF_CHECK_EQUAL(counters().pings, 1u);
    CAF_CHECK_EQUAL(counters().pongs, 1u);
    CAF_CHECK(client.copy().closed.empty());
    home.run([this] { session.reset(); });
  }
}

CAF_TEST(each_byte_may_come_alone) {
  loopback_server to{std::nullopt, script()};
  open(to, {}, "127.0.0.1", false);
  auto socket = connected();
  std::vector<std::string> expected;
  for (auto text : {"one", "", "three"}) {
    expected.emplace_back(text);
    for (auto byte : frame('\x81', text))
      socket->raw(std::string{byte});
  }
  CAF_CHECK(heard_all(expected));
}

CAF_TEST(garbage_behind_good_messages_ends_the_connection_after_them) {
  loopback_server to{authority.issue(), script()};
  open(to);
  connected()->raw(frame('\x81', "a") + frame('\x81', "b")
                   + frame('\xf1', "reserved bits") + frame('\x81', "c"));
  CAF_CHECK(has(reason(), "read: "));
  CAF_CHECK(client.copy().messages == (std::vector<std::string>{"a", "b"}));
}

CAF_TEST(a_session_dropped_within_a_burst_tells_nothing_more) {
  loopback_server to{authority.issue(), script()};
  open(to);
  auto socket = connected();
  socket->send("first");
  CAF_REQUIRE(heard_all({"first"}));
  on_message = [this](std::string_view text) {
    if (text == "last")
      session.reset();
  };
  socket->raw(frame('\x81', "last") + frame('\x81', "too much"));
  CAF_CHECK(server.wait([](auto& x) { return x.closed == 1; }));
  CAF_CHECK(client.copy().messages
            == (std::vector<std::string>{"first", "last"}));
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

CAF_TEST(pings_are_answered_with_their_payload) {
  loopback_server to{authority.issue(), script()};
  open(to);
  connected()->ping("1700000000123");
  CAF_CHECK(server.wait([](auto& x) { return !x.pongs.empty(); }));
  CAF_CHECK(server.copy().pongs.front() == "1700000000123");
  CAF_CHECK_EQUAL(counters().pings, 1u);
}

CAF_TEST(commands_keep_their_distance_and_are_bounded) {
  loopback_server to{authority.issue(), script()};
  open(to, {.between_sends = 1h, .most_waiting = 3});
  CAF_CHECK(send("1"));
  CAF_CHECK(server.wait([](auto& x) { return x.texts.size() == 1; }));
  for (auto text : {"2", "3", "4"})
    CAF_CHECK(send(text));
  CAF_CHECK(!send("5"));
  CAF_CHECK_EQUAL(counters().commands, 1u);
  CAF_CHECK_EQUAL(server.copy().texts.size(), 1u);
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

CAF_TEST(timers_run_once_unless_cancelled_or_replaced) {
  guarded<std::string> ran;
  network_timer first{home};
  network_timer second{home};
  auto note = [&](char c) {
    return [&ran, c] { ran.change([c](auto& x) { x += c; }); };
  };
  home.run([&] {
    first.start(1ms, note('a'));
    first.start(2ms, note('b'));
    second.start(1ms, note('c'));
    second.cancel();
  });
  CAF_CHECK(ran.wait([](auto& x) { return !x.empty(); }));
  CAF_CHECK_EQUAL(ran.copy(), "b");
  home.run([&] {
    first.cancel();
    second.cancel();
  });
}

CAF_TEST_FIXTURE_SCOPE_END()
