#define CAF_SUITE net_websocket_session

// What a session sends and hears.

#include "tests/runtime/net/websocket_fixture.hpp"

#include <caf/test/dsl.hpp>

#include <random>

using namespace qalpha;
using namespace qalpha::test;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(websocket_session_tests, websocket_fixture)

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
