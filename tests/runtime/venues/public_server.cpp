#define CAF_SUITE venues.public_server

#include "runtime/venues/simulated/public_server.hpp"

#include "models/simulation/demo_market.hpp"
#include "runtime/net/http_client.hpp"
#include "runtime/net/websocket_session.hpp"
#include "runtime/venues/binance/binance_answers.hpp"
#include "tests/runtime/loopback/guarded.hpp"

#include <caf/test/unit_test.hpp>

#include <memory>

using namespace qalpha;
using namespace qalpha::test;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

struct fixture {
  demo_market market = *demo_market::make(demo_settings{});
  universe all = market.instruments();
  public_server venue{all};
  guarded<texts> heard;
  tls_trust trust = std::move(*tls_trust::make({}));
  network_thread home;
  std::unique_ptr<websocket_session> session;

  ~fixture() {
    home.run([this] { session.reset(); });
  }

  /// Connects to a path and sends these commands.
  void listen(const char* path, texts commands) {
    auto to = *parse_url(venue.streams() + path);
    home.run([&] {
      session = std::make_unique<websocket_session>(
        home, trust, to, websocket_limits{.between_sends = 1ms},
        websocket_session::callbacks{.on_open = {},
                                     .on_message =
                                       [this](utc_time, std::string_view text) {
                                         heard.change([&](texts& x) {
                                           x.emplace_back(text);
                                         });
                                       },
                                     .on_closed = {}});
      for (auto& command : commands)
        session->send(command);
    });
  }

  bool hears(std::string_view part) {
    return heard.wait([&](const texts& x) {
      return std::any_of(x.begin(), x.end(),
                         [&](const auto& text) { return has(text, part); });
    });
  }

  void play(int frames) {
    for (int i = 0; i < frames; ++i)
      for (const auto& batch : market.advance())
        venue.publish(batch);
  }

  http_response get(const std::string& target) {
    auto client = http_client::make(parse_url(venue.rest())->where);
    CAF_REQUIRE(client);
    auto answer = client->get(target);
    CAF_REQUIRE(answer);
    return *answer;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(public_server_tests, fixture)

CAF_TEST(each_path_serves_its_own_kinds_and_is_silent_about_the_others) {
  listen("/market/stream",
         {R"({"method":"SUBSCRIBE","params":["btcusdt@markPrice@1s",)"
          R"("btcusdt@depth@100ms","nosuchusdt@aggTrade"],"id":7})"});
  CAF_CHECK(hears(R"({"result":null,"id":7})"));
  play(20);
  CAF_CHECK(hears(R"({"stream":"btcusdt@markPrice@1s","data":{"e":"mark)"));
  CAF_CHECK_EQUAL(venue.counters().messages, 2u);
  CAF_CHECK_EQUAL(venue.counters().replies, 1u);
  for (const auto& text : heard.copy())
    CAF_CHECK(!has(text, "depth"));
}

CAF_TEST(what_was_unsubscribed_is_not_sent_any_more) {
  listen(
    "/public/stream",
    {R"({"method":"SUBSCRIBE","params":["btcusdt@bookTicker"],"id":1})",
     R"({"method":"UNSUBSCRIBE","params":["btcusdt@bookTicker"],"id":2})"});
  CAF_CHECK(hears(R"("id":2)"));
  play(1);
  CAF_CHECK_EQUAL(venue.counters().messages, 0u);
}

CAF_TEST(commands_that_are_none_are_refused_and_the_connection_stays) {
  listen("/public/stream",
         {"", "[]", R"({"method":"SUBSCRIBE"})",
          R"({"method":5,"params":[],"id":1})",
          R"({"method":"SUBSCRIBE","params":[3,null],"id":9})"});
  CAF_CHECK(hears(R"("id":9)"));
  auto refused = 0;
  for (const auto& text : heard.copy())
    refused += has(text, "Invalid request");
  CAF_CHECK_EQUAL(refused, 4);
}

CAF_TEST(streams_without_a_subscriber_are_named) {
  auto missing = venue.wait_for_subscribers(0ns);
  CAF_CHECK_EQUAL(missing.size(), 6 * all.size());
  std::string names;
  for (size_t i = 1; i < missing.size(); ++i)
    names += (names.empty() ? "\"" : ",\"") + missing[i] + '"';
  listen("/market/stream",
         {R"({"method":"SUBSCRIBE","params":[)" + names + R"(],"id":1})"});
  CAF_CHECK(hears(R"("id":1)"));
  // Depth and best prices are on the other path; so is the first name.
  missing = venue.wait_for_subscribers(0ns);
  CAF_CHECK_EQUAL(missing.size(), 2 * all.size() + 1);
  // Who is gone subscribes to nothing.
  home.run([this] { session.reset(); });
  for (int i = 0; i < 100 && missing.size() < 6 * all.size(); ++i)
    missing = venue.wait_for_subscribers(10ms);
  CAF_CHECK_EQUAL(missing.size(), 6 * all.size());
}

CAF_TEST(questions_are_answered_as_the_collector_reads_them) {
  for (const auto& past : market.warm_up(5min, 60s))
    venue.restore(past);
  play(30);
  auto time = read_binance_time(get("/fapi/v1/time").body);
  CAF_REQUIRE(time);
  CAF_CHECK(*time == market.now());
  auto rules = read_binance_rules(get("/fapi/v1/exchangeInfo").body,
                                  {"ETHUSDT"});
  CAF_REQUIRE(rules);
  CAF_CHECK_EQUAL(rules->front().tick_e8, all[1].rules().tick_e8);
  auto depth = read_binance_depth(
    get("/fapi/v1/depth?symbol=BTCUSDT&limit=1000").body, all[0]);
  CAF_REQUIRE(depth);
  CAF_CHECK_EQUAL(depth->bids.size(), 20u);
  auto trades = read_binance_trades(
    get("/fapi/v1/aggTrades?symbol=BTCUSDT&fromId=1&limit=3").body, all[0]);
  CAF_REQUIRE(trades);
  CAF_CHECK_EQUAL(trades->size(), 3u);
  auto bars = read_binance_bars(
    get("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=4").body, all[0],
    market.now());
  CAF_REQUIRE(bars);
  CAF_REQUIRE_EQUAL(bars->size(), 4u);
  CAF_CHECK(bars->front().closed);
  CAF_CHECK(!bars->back().closed);
}

CAF_TEST(questions_without_an_answer_are_refused) {
  CAF_CHECK_EQUAL(get("/fapi/v1/depth?symbol=NOSUCH").status, 400u);
  CAF_CHECK_EQUAL(get("/fapi/v1/depth").status, 400u);
  CAF_CHECK_EQUAL(get("/").status, 404u);
  CAF_CHECK_EQUAL(get("/fapi/v1/order?symbol=BTCUSDT").status, 404u);
  CAF_CHECK_EQUAL(venue.counters().refused, 4u);
  // Numbers that are none count as absent.
  CAF_CHECK_EQUAL(get("/fapi/v1/depth?symbol=BTCUSDT&limit=-1x").status, 200u);
  CAF_CHECK_EQUAL(venue.counters().answers, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
