#define CAF_SUITE venues.live_market

#include "runtime/venues/live_market.hpp"
#include "runtime/venues/venue_rules.hpp"

#include "models/market/book.hpp"
#include "runtime/node/session.hpp"
#include "runtime/venues/simulated/binance_publisher.hpp"
#include "tests/runtime/venues/collector_fixture.hpp"
#include "tests/runtime/venues/loopback_venue.hpp"

#include <caf/test/unit_test.hpp>

#include <filesystem>
#include <sstream>

#include <unistd.h>

using namespace qalpha;
using namespace qalpha::test;
using namespace std::chrono_literals;

namespace {

/// Frames that a test waits for: twenty seconds of a silent market.
constexpr int most_frames = 1'000;

struct fixture {
  loopback_venue venue;
  market_settings settings;

  fixture() {
    settings.binance_rest = venue.rest();
    settings.binance_streams = venue.streams();
    settings.ca_file = venue.ca_file();
    auto rules = binance_publisher{one}.rules();
    venue.state().change([&](venue_state& x) {
      x.instead["/fapi/v1/exchangeInfo"].assign(100, {.body = rules});
    });
  }

  universe one = one_symbol();
};

struct heard_events {
  book levels;
  bool whole = false;
  uint64_t trades = 0;
  utc_time last;
  bool ordered = true;

  void take(const market_frame& frame) {
    ordered = ordered && frame.time > last;
    last = frame.time;
    for (const auto& batch : frame.batches) {
      ordered = ordered && batch.received == frame.time;
      for (const auto& event : batch.events)
        take(event);
    }
  }

  void take(const market_event& event) {
    trades += event.kind == market_event_kind::trade;
    whole = whole || event.kind == market_event_kind::book_complete;
    if (event.kind == market_event_kind::bid_level)
      levels.set(side::buy, event.px, event.qty);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(live_market_tests, fixture)

CAF_TEST(rules_of_the_venue_count) {
  auto found = fetch_instruments(settings, {"BTCUSDT"});
  if (!found)
    CAF_FAIL(found.error().text);
  CAF_REQUIRE_EQUAL(found->size(), 1u);
  CAF_CHECK_EQUAL((*found)[0].name(), "BTCUSDT");
  CAF_CHECK_EQUAL((*found)[0].rules().tick_e8, one[0].rules().tick_e8);
  auto missing = fetch_instruments(settings, {"NOSUCHUSDT"});
  CAF_CHECK(!missing);
}

CAF_TEST(venue_that_cannot_be_verified_is_not_listened_to) {
  settings.ca_file.clear();
  auto found = fetch_instruments(settings, {"BTCUSDT"});
  CAF_REQUIRE(!found);
  CAF_CHECK(found.error().text.find("certificate") != std::string::npos);
}

CAF_TEST(frames_hold_what_the_venue_sends_in_order_of_time) {
  auto opened = live_market::open(settings, one, 1min, quick());
  CAF_REQUIRE(opened);
  auto& market = **opened;
  CAF_CHECK(market.restore(market.save()));
  CAF_CHECK(!market.restore("another market"));
  heard_events heard;
  for (int i = 0; i < most_frames && (!heard.whole || heard.trades < 5); ++i) {
    venue.trade();
    venue.depth();
    auto frame = market.next();
    CAF_REQUIRE(frame);
    heard.take(*frame);
  }
  CAF_CHECK(heard.whole);
  CAF_CHECK(heard.trades >= 5);
  CAF_CHECK(heard.ordered);
  CAF_CHECK(heard.levels.best(side::buy).has_value());
  CAF_CHECK_EQUAL(market.queue_counters().overflowed, 0u);
}

CAF_TEST(silent_market_still_moves_time) {
  auto opened = live_market::open(settings, one, 1min, quick());
  CAF_REQUIRE(opened);
  heard_events heard;
  for (int i = 0; i < 5; ++i)
    heard.take(*(*opened)->next());
  CAF_CHECK(heard.ordered);
}

CAF_TEST(node_trades_paper_on_a_venue_over_tls) {
  auto directory = std::filesystem::temp_directory_path()
                   / ("qalpha-paper-" + std::to_string(::getpid()));
  node_config config;
  config.mode = run_mode::paper;
  config.run_dir = directory.string();
  config.symbols = {one[0].rules()};
  config.market = settings;
  config.feed.bar_interval = 1min;
  config.log.console = false;
  std::ostringstream out;
  auto outcome = run_node(config, {.duration = 500ms, .quiet = true}, out);
  auto* result = std::get_if<session_result>(&outcome);
  if (result == nullptr)
    CAF_MESSAGE(std::get<session_fault>(outcome).text);
  CAF_REQUIRE(result != nullptr);
  CAF_CHECK(result->clean);
  CAF_CHECK(result->equal);
  CAF_CHECK(result->frames > 5);
  CAF_CHECK(result->equity == config.cash);
  std::filesystem::remove_all(directory);
}

CAF_TEST_FIXTURE_SCOPE_END()
