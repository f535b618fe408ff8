#define CAF_SUITE venues_collector_binance

#include "tests/runtime/venues/collector_fixture.hpp"
#include "tests/runtime/venues/loopback_venue.hpp"

#include <caf/test/dsl.hpp>

using namespace qalpha;
using namespace qalpha::test;
using namespace std::chrono_literals;

namespace {

struct fixture {
  loopback_venue venue;
  remembering_sink sink;
  counting_tap tap;
  binance_settings settings;
  universe instruments = one_symbol();
  std::unique_ptr<collector> collecting;

  fixture() {
    settings.rest = venue.rest();
    settings.streams = venue.streams();
    settings.ca_file = venue.ca_file();
    settings.collecting = quick();
  }

  ~fixture() {
    if (collecting)
      collecting->stop();
  }

  void start() {
    auto made = make_binance_collector(settings, instruments, sink, &tap);
    CAF_REQUIRE(bool{made});
    collecting = std::move(*made);
    collecting->start();
  }

  bool heard(std::function<bool(const heard_market&)> condition) {
    return sink.market.wait(condition);
  }

  /// Waits until the book is told and equals the venue's.
  bool in_step() {
    return heard([this](const heard_market& x) {
      return x.whole
             && x.bid_lots == static_cast<int64_t>(venue.state().copy().depth);
    });
  }

  /// @returns `true` if every trade of the venue came once and in order.
  bool has_all_trades() {
    if (!heard([this](const heard_market& x) {
          return !x.trades.empty()
                 && x.trades.back() == venue.state().copy().trades;
        }))
      return false;
    auto heard_ids = sink.market.copy().trades;
    for (size_t i = 1; i < heard_ids.size(); ++i)
      if (heard_ids[i] != heard_ids[i - 1] + 1)
        return false;
    return heard_ids.front() == 1;
  }
};

http_answer status(unsigned code, std::string retry_after = "") {
  http_answer result{.status = code, .body = "{}"};
  if (!retry_after.empty())
    result.headers = {{"Retry-After", retry_after}};
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(collector_binance_tests, fixture)

CAF_TEST(everything_a_symbol_has_arrives) {
  start();
  CAF_CHECK(in_step());
  venue.depth();
  venue.trade();
  CAF_CHECK(in_step());
  CAF_CHECK(has_all_trades());
  CAF_CHECK(heard([](auto& x) {
    return x.marks > 0 && x.funding > 0 && x.best_prices > 0
           && x.bars.size() == 2;
  }));
  auto counted = collecting->counters();
  CAF_CHECK_EQUAL(counted.lines.connects, 2u);
  CAF_CHECK_EQUAL(counted.in_step, 1u);
  CAF_CHECK_EQUAL(counted.snapshots, 1u);
  CAF_CHECK_EQUAL(counted.bad_answers, 0u);
  CAF_CHECK_EQUAL(sink.market.copy().interrupted, 0u);
  CAF_CHECK(collecting->clock_difference().has_value());
  collecting->stop();
  counted = collecting->counters();
  auto recorded = tap.counts.copy();
  CAF_CHECK_EQUAL(recorded[raw_kind::message], counted.lines.messages);
  CAF_CHECK_EQUAL(recorded[raw_kind::connected], 2u);
  CAF_CHECK_EQUAL(recorded[raw_kind::rest_answer], 3u);
  CAF_CHECK_EQUAL(recorded[raw_kind::clock_offset], 1u);
}

CAF_TEST(a_burst_is_one_batch) {
  start();
  CAF_CHECK(in_step());
  CAF_CHECK(has_all_trades());
  auto before = sink.market.copy().trade_batches;
  CAF_MESSAGE("one record of TLS, so that all of it comes at once");
  constexpr uint64_t count = 60;
  venue.trades(count);
  CAF_CHECK(has_all_trades());
  CAF_CHECK(heard([](auto& x) { return x.undelivered == 0; }));
  CAF_CHECK_EQUAL(sink.market.copy().trade_batches - before, 1u);
  CAF_CHECK(collecting->counters().lines.messages > count);
}

CAF_TEST(each_kind_of_stream_goes_over_its_own_path) {
  start();
  CAF_CHECK(in_step());
  auto seen = venue.state().copy();
  for (auto& [socket, streams] : seen.sockets) {
    if (socket->target() == "/public/stream")
      CAF_CHECK(streams
                == (std::set<std::string>{"btcusdt@depth@100ms",
                                          "btcusdt@bookTicker"}));
    else
      CAF_CHECK_EQUAL(socket->target(), "/market/stream");
  }
  CAF_CHECK_EQUAL(seen.sockets.size(), 2u);
}

CAF_TEST(a_gap_in_the_book_is_resynchronised) {
  start();
  CAF_CHECK(in_step());
  for (uint64_t round = 1; round <= 5; ++round) {
    venue.depth(true);
    venue.depth();
    CAF_CHECK(heard([=](auto& x) { return x.interrupted == round; }));
    CAF_CHECK(in_step());
  }
  auto market = sink.market.copy();
  CAF_CHECK_EQUAL(market.interrupted, 5u);
  CAF_CHECK_EQUAL(market.resets, 6u);
  CAF_CHECK(!market.lied);
  CAF_CHECK_EQUAL(collecting->counters().depth_gaps, 5u);
}

CAF_TEST(a_snapshot_that_is_too_old_is_asked_for_again) {
  http_answer old{.body = R"({"lastUpdateId":5,"E":1700000000005,)"
                          R"("T":1700000000005,"bids":[["100.0","1.000"]],)"
                          R"("asks":[["100.1","1.000"]]})"};
  venue.state().change([&](auto& x) {
    x.instead["/fapi/v1/depth"] = {old, status(500), {.body = "no JSON"}, old};
  });
  start();
  CAF_CHECK(in_step());
  auto counted = collecting->counters();
  CAF_CHECK_EQUAL(counted.snapshots_too_old, 2u);
  CAF_CHECK_EQUAL(counted.bad_answers, 1u);
  CAF_CHECK_EQUAL(counted.rest.failed, 1u);
  CAF_CHECK_EQUAL(venue.state().copy().asked["/fapi/v1/depth"].size(), 5u);
  CAF_CHECK(!sink.market.copy().lied);
}

CAF_TEST(the_venue_is_left_alone_as_long_as_it_says) {
  for (auto code : {429u, 418u}) {
    venue.state().change([&](auto& x) {
      x.asked.clear();
      x.instead["/fapi/v1/depth"] = {status(code, "1")};
    });
    remembering_sink fresh;
    auto made = make_binance_collector(settings, instruments, fresh, nullptr);
    CAF_REQUIRE(bool{made});
    (*made)->start();
    CAF_CHECK(fresh.market.wait([](auto& x) { return x.whole; }));
    auto asked = venue.state().copy().asked["/fapi/v1/depth"];
    CAF_REQUIRE_EQUAL(asked.size(), 2u);
    CAF_CHECK(asked[1] - asked[0] >= 1s);
    CAF_CHECK_EQUAL((*made)->counters().rest.alarms, 1u);
  }
}

CAF_TEST(a_stream_that_is_silently_ignored_keeps_the_book_untold) {
  settings.first_trade = 50ms;
  venue.state().change([](auto& x) { x.ignored.insert("btcusdt@aggTrade"); });
  start();
  CAF_MESSAGE("it is subscribed to again, then the connection is replaced");
  CAF_CHECK(
    venue.state().wait([](auto& x) { return x.connected.size() >= 3; }));
  CAF_CHECK_EQUAL(sink.market.copy().completes, 0u);
  auto counted = collecting->counters().lines;
  CAF_CHECK(counted.resubscribed >= 1);
  CAF_CHECK(counted.useless >= 1);
  venue.state().change([](auto& x) { x.ignored.clear(); });
  while (collecting->counters().in_step == 0)
    venue.depth();
  CAF_CHECK(in_step());
}

CAF_TEST(streams_that_may_be_silent_for_ever_do_not_hold_the_book) {
  venue.state().change([](venue_state& x) {
    x.ignored = {"btcusdt@aggTrade", "btcusdt@markPrice@1s"};
  });
  settings.first_depth = settings.first_trade = settings.first_mark
    = timespan{0};
  start();
  CAF_CHECK(in_step());
  auto counted = collecting->counters();
  CAF_CHECK_EQUAL(counted.lines.resubscribed, 0u);
  CAF_CHECK_EQUAL(counted.in_step, 1u);
}

CAF_TEST(trades_of_an_outage_are_fetched_in_order) {
  venue.state().change([](auto& x) { x.trades_a_page = 7; });
  start();
  CAF_CHECK(in_step());
  for (int round = 0; round < 3; ++round) {
    auto connected = venue.state().copy().connected.size();
    venue.reset();
    for (int i = 0; i < 50; ++i)
      venue.trade(true);
    CAF_CHECK(venue.state().wait(
      [&](auto& x) { return x.connected.size() >= connected + 2; }));
    CAF_CHECK(has_all_trades());
    CAF_CHECK(in_step());
  }
  auto counted = collecting->counters();
  CAF_CHECK(counted.trades.backfilled >= 150);
  CAF_CHECK_EQUAL(counted.trades.lost, 0u);
  CAF_CHECK_EQUAL(counted.lines.disconnects, 6u);
  CAF_CHECK(sink.market.copy().interrupted >= 3);
  CAF_CHECK(!sink.market.copy().lied);
}

CAF_TEST(trades_that_cannot_be_fetched_are_told_as_lost) {
  settings.collecting.most_trade_failures = 2;
  start();
  CAF_CHECK(in_step());
  CAF_CHECK(has_all_trades());
  venue.state().change([](auto& x) {
    x.instead["/fapi/v1/aggTrades"] = {status(500), status(500), status(500)};
  });
  venue.trade(true);
  venue.trade();
  CAF_CHECK(heard([](auto& x) { return x.interrupted == 1; }));
  venue.depth();
  CAF_CHECK(in_step());
  CAF_CHECK_EQUAL(collecting->counters().trades.lost, 1u);
}

CAF_TEST(rolling_over_loses_and_doubles_nothing) {
  settings.collecting.line.roll_over_after = 30ms;
  start();
  CAF_CHECK(in_step());
  while (collecting->counters().lines.roll_overs < 6) {
    venue.trade();
    venue.depth();
  }
  CAF_CHECK(has_all_trades());
  CAF_CHECK(in_step());
  auto counted = collecting->counters();
  auto market = sink.market.copy();
  CAF_CHECK_EQUAL(market.interrupted, 0u);
  CAF_CHECK_EQUAL(market.resets, 1u);
  CAF_CHECK_EQUAL(counted.depth_gaps, 0u);
  CAF_CHECK_EQUAL(counted.trades.gaps, 0u);
  CAF_CHECK_EQUAL(counted.trades.backfilled, 0u);
  CAF_CHECK(counted.trades.duplicates + counted.depth_duplicates > 0);
}

CAF_TEST(a_server_that_announces_its_end_is_left_in_time) {
  start();
  CAF_CHECK(in_step());
  venue.send(R"({"e":"serverShutdown","E":1700000000000})");
  while (collecting->counters().lines.roll_overs < 2)
    venue.depth();
  CAF_CHECK(in_step());
  CAF_CHECK_EQUAL(collecting->counters().lines.shutdown_notices, 2u);
  CAF_CHECK_EQUAL(sink.market.copy().interrupted, 0u);
}

CAF_TEST(a_new_connection_that_stays_silent_does_not_replace_the_old_one) {
  settings.collecting.line.roll_over_after = 30ms;
  settings.first_mark = 30ms;
  start();
  CAF_CHECK(in_step());
  venue.state().change(
    [](auto& x) { x.ignored.insert("btcusdt@markPrice@1s"); });
  while (collecting->counters().lines.failed_roll_overs < 2) {
    venue.trade();
    venue.depth();
  }
  CAF_CHECK(has_all_trades());
  CAF_CHECK(in_step());
  CAF_CHECK_EQUAL(sink.market.copy().interrupted, 0u);
}

CAF_TEST(nonsense_is_counted_and_the_stream_survives) {
  start();
  CAF_CHECK(in_step());
  for (auto text :
       {"garbage", "{}", R"({"stream":"x","data":{"e":"novel","E":1}})",
        R"({"e":"aggTrade","E":1,"s":"DOGEUSDT","a":1,"p":"1","q":"1","f":1,)"
        R"("l":1,"T":1,"m":true})"})
    venue.send(text);
  venue.depth();
  venue.trade();
  CAF_CHECK(in_step());
  CAF_CHECK(has_all_trades());
  auto counted = collecting->counters().lines;
  uint64_t faults = 0;
  for (auto x : counted.decode_faults)
    faults += x;
  CAF_CHECK(faults >= 6);
  CAF_CHECK_EQUAL(counted.disconnects, 0u);
}

CAF_TEST(connections_stay_within_their_budget) {
  settings.collecting.connections = {2, 300ms};
  start();
  CAF_CHECK(in_step());
  for (int i = 0; i < 2; ++i) {
    auto before = venue.state().copy().connected.size();
    venue.reset();
    CAF_CHECK(venue.state().wait([&](auto& x) {
      return x.connected.size() >= before + 2 && x.sockets.size() == 2;
    }));
  }
  auto connected = venue.state().copy().connected;
  // The handshake takes its time; what is limited is its beginning.
  CAF_CHECK(connected[4] - connected[0] > 300ms);
}

CAF_TEST(stopping_waits_for_nobody) {
  loopback_server mute{std::nullopt, {.mute = true}};
  settings.rest = "http://127.0.0.1:" + std::to_string(mute.port());
  settings.streams = "ws://127.0.0.1:" + std::to_string(mute.port());
  settings.collecting.rest.limit = 1h;
  settings.collecting.line.socket.connect = 1h;
  start();
  while (collecting->counters().rest.asked == 0)
    continue;
  collecting->stop();
  collecting->stop();
  CAF_CHECK_EQUAL(collecting->counters().lines.connects, 0u);
}

CAF_TEST(settings_that_cannot_work_are_refused) {
  settings.streams = "ws://stream.example.com";
  auto plain = make_binance_collector(settings, instruments, sink);
  CAF_REQUIRE(!plain);
  CAF_CHECK(plain.error().text.find("binance streams: ") != std::string::npos);
  settings.streams = venue.streams();
  settings.ca_file = "/nowhere.pem";
  CAF_CHECK(!make_binance_collector(settings, instruments, sink));
}

CAF_TEST(open_interest_is_asked_for_again_and_again) {
  settings.collecting.interest_interval = 5ms;
  venue.state().change([](venue_state& x) {
    x.instead["/fapi/v1/openInterest"] = {status(500), {.body = "[]"}};
  });
  start();
  CAF_REQUIRE(
    heard([](const heard_market& x) { return x.interests.size() > 2; }));
  for (auto x : sink.market.copy().interests)
    CAF_CHECK(x == *sink.market.copy().interests.begin());
  CAF_CHECK(sink.market.copy().interests[0].lots > 0);
  CAF_CHECK_EQUAL(collecting->counters().bad_answers, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
