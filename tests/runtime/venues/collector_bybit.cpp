#define CAF_SUITE venues_collector_bybit

#include "runtime/net/loopback_server.hpp"
#include "runtime/venues/bybit/bybit_dialect.hpp"
#include "runtime/venues/bybit/collector.hpp"
#include "tests/runtime/loopback/test_authority.hpp"
#include "tests/runtime/venues/collector_fixture.hpp"
#include "tests/runtime/venues/loopback_venue.hpp"

#include <caf/test/dsl.hpp>

using namespace qalpha;
using namespace qalpha::test;
using namespace std::chrono_literals;

namespace {

std::string book_text(const char* type, uint64_t u) {
  return R"({"topic":"orderbook.50.BTCUSDT","type":")" + std::string{type}
         + R"(","ts":1700000000100,"data":{"s":"BTCUSDT","b":[["100.0","0.)"
         + std::to_string(100 + u) + R"("]],"a":[["100.1","1.000"]],"u":)"
         + std::to_string(u) + R"(,"seq":)" + std::to_string(u)
         + R"(},"cts":1700000000099})";
}

constexpr auto ticker_text
  = R"({"topic":"tickers.BTCUSDT","type":"snapshot","data":{"symbol":"BTCUSDT",)"
    R"("markPrice":"100.0","indexPrice":"100.1","fundingRate":"0.0001",)"
    R"("nextFundingTime":"1700003600000"},"cs":1,"ts":1700000000100})";

constexpr auto trade_text
  = R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1700000000100,)"
    R"("data":[{"T":1700000000099,"s":"BTCUSDT","S":"Buy","v":"0.001",)"
    R"("p":"100.1","L":"PlusTick","i":"a-b-c","BT":false}]})";

struct fixture {
  struct at_venue {
    server_socket_ptr socket;
    std::vector<std::string> commands;
    uint64_t update = 10;
  };

  guarded<at_venue> venue;
  test_authority authority;
  remembering_sink sink;
  std::unique_ptr<loopback_server> server;
  std::unique_ptr<collector> collecting;

  fixture() {
    server = std::make_unique<loopback_server>(
      authority.issue(),
      server_script{
        .on_get =
          [](const http_question&) {
            return http_answer{
              .body = R"({"retCode":0,"retMsg":"OK","result":{"timeSecond":)"
                      R"("1700000000","timeNano":"1700000000100000000"},)"
                      R"("retExtInfo":{},"time":1700000000100})"};
          },
        .on_text = [this](const server_socket_ptr& socket,
                          std::string_view text) { on_text(socket, text); },
      });
    bybit_settings settings;
    auto port = std::to_string(server->port());
    settings.rest = "https://localhost:" + port;
    settings.streams = "wss://localhost:" + port + "/v5/public/linear";
    settings.ca_file = authority.file();
    settings.collecting = quick();
    settings.collecting.line.heartbeat_interval = 10ms;
    settings.collecting.history_bars = 0;
    auto made = make_bybit_collector(settings, one_symbol(), sink);
    CAF_REQUIRE(bool{made});
    collecting = std::move(*made);
    collecting->start();
  }

  ~fixture() {
    collecting->stop();
  }

  void on_text(const server_socket_ptr& socket, std::string_view text) {
    venue.change([&](at_venue& x) {
      x.socket = socket;
      x.commands.emplace_back(text);
      auto is = [&](std::string_view part) {
        return text.find(part) != std::string_view::npos;
      };
      if (is("\"ping\"")) {
        socket->send(R"({"success":true,"ret_msg":"pong","conn_id":"x",)"
                     R"("req_id":"","op":"ping"})");
        return;
      }
      socket->send(R"({"success":true,"ret_msg":"","conn_id":"x",)"
                   R"("req_id":"1","op":"subscribe"})");
      if (!is("\"subscribe\""))
        return;
      if (is("orderbook.50.BTCUSDT"))
        socket->send(book_text("snapshot", x.update));
      if (is("tickers.BTCUSDT"))
        socket->send(ticker_text);
      if (is("publicTrade.BTCUSDT"))
        socket->send(trade_text);
    });
  }

  void depth() {
    venue.change(
      [](at_venue& x) { x.socket->send(book_text("delta", ++x.update)); });
  }

  bool in_step() {
    auto lots = static_cast<int64_t>(100 + venue.copy().update);
    return sink.market.wait(
      [&](auto& x) { return x.whole && x.bid_lots == lots; });
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(collector_bybit_tests, fixture)

CAF_TEST(everything_a_symbol_of_bybit_has_arrives) {
  CAF_CHECK(in_step());
  depth();
  CAF_CHECK(in_step());
  CAF_CHECK(sink.market.wait([](auto& x) {
    return x.marks == 1 && x.funding == 1 && x.trades.size() == 1;
  }));
  CAF_CHECK_EQUAL(collecting->counters().lines.refused_commands, 0u);
  CAF_CHECK_EQUAL(sink.market.copy().interrupted, 0u);
}

CAF_TEST(the_venue_hears_a_ping_in_json) {
  CAF_CHECK(venue.wait([](auto& x) {
    for (auto& text : x.commands)
      if (text.find(R"({"op":"ping","req_id":")") == 0)
        return true;
    return false;
  }));
  CAF_CHECK(in_step());
}

CAF_TEST(a_gap_is_closed_by_a_new_subscription) {
  CAF_CHECK(in_step());
  for (uint64_t round = 1; round <= 3; ++round) {
    venue.change([](auto& x) { ++x.update; });
    depth();
    CAF_CHECK(
      sink.market.wait([=](auto& x) { return x.interrupted == round; }));
    CAF_CHECK(in_step());
  }
  auto market = sink.market.copy();
  CAF_CHECK(!market.lied);
  CAF_CHECK(market.resets >= 4);
  CAF_CHECK_EQUAL(collecting->counters().lines.disconnects, 0u);
}

CAF_TEST(a_lost_connection_voids_the_book_until_the_next_snapshot) {
  CAF_CHECK(in_step());
  venue.change([](auto& x) { x.socket->reset(); });
  CAF_CHECK(sink.market.wait([](auto& x) { return x.interrupted == 1; }));
  CAF_CHECK(sink.market.wait([](auto& x) { return x.whole; }));
  CAF_CHECK(!sink.market.copy().lied);
  CAF_CHECK_EQUAL(collecting->counters().lines.connects, 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(many_symbols_are_spread_over_connections) {
  universe many;
  for (uint16_t i = 0; i < 500; ++i)
    many.push_back(*instrument::make(
      {i}, {"A" + std::to_string(i) + "USDT", 10'000'000, 100'000, {}, {}}));
  bybit_dialect dialect{{}, many, {}};
  auto plans = dialect.plan();
  size_t streams = 0;
  for (auto& plan : plans) {
    size_t characters = 0;
    for (auto& stream : plan.streams)
      characters += stream.name.size() + 3;
    CAF_CHECK(characters <= 20'000);
    streams += plan.streams.size();
  }
  CAF_CHECK_EQUAL(streams, 2'000u);
  CAF_CHECK_EQUAL(plans[1].name, "bybit linear 2");
}
