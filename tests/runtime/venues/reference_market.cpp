// Two venues at once: one whose books are traded, one for the basis.

#define CAF_SUITE venues.reference_market

#include "runtime/venues/reference_market.hpp"

#include "models/market/feed.hpp"
#include "runtime/config/config_reader.hpp"
#include "runtime/node/session.hpp"
#include "runtime/venues/live_market.hpp"
#include "runtime/venues/simulated/binance_publisher.hpp"
#include "runtime/venues/simulated/recording.hpp"
#include "runtime/venues/venue_rules.hpp"
#include "tests/runtime/storage/journal_world.hpp"
#include "tests/runtime/venues/bybit_venue.hpp"
#include "tests/runtime/venues/collector_fixture.hpp"
#include "tests/runtime/venues/loopback_venue.hpp"

#include <caf/test/unit_test.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <sstream>

using namespace qalpha;
using namespace qalpha::test;
using namespace std::chrono_literals;

namespace {

/// What the feeds of a node make of a market.
struct listener final : feed::effects {
  explicit listener(live_market& from, size_t symbols = 1) : market(from) {
    for (uint16_t i = 0; i < symbols; ++i)
      machines.emplace_back(symbol_id{i}, feed_settings{});
  }

  void step() {
    auto frame = *market.next();
    now = frame.time;
    for (auto& batch : frame.batches) {
      for (auto& event : batch.events)
        gone += event.kind == market_event_kind::reference_price
                && event.px.ticks == 0;
      machines[batch.symbol.index].step(batch, *this);
    }
    for (auto& machine : machines)
      machine.step(now, *this);
  }

  std::optional<int64_t> basis(size_t symbol = 0) const {
    return machines[symbol].basis_e8(now);
  }

  bool live() const {
    return machines[0].status() == feed_status::live
           && machines[0].sequence() == sequence_state::exact;
  }

  /// @returns `false` if it did not become true in time.
  bool until(const std::function<bool()>& holds) {
    for (auto end = std::chrono::steady_clock::now() + 20s; !holds(); step())
      if (std::chrono::steady_clock::now() > end)
        return false;
    return true;
  }

  void tell(const feed_health& x) override {
    left_live += x.previous == feed_status::live;
  }

  void tell(const mark_updated&) override {
    // nop
  }

  void tell(const quote&) override {
    // nop
  }

  void tell(const bar_context_known&) override {
    // nop
  }

  void tell(const bar_closed&) override {
    // nop
  }

  void tell(const book_wanted&) override {
    // nop
  }

  live_market& market;
  std::deque<feed> machines;
  utc_time now;
  uint64_t left_live = 0;
  // Times that the reference was said to be gone.
  uint64_t gone = 0;
};

struct fixture {
  scratch place;
  universe one = one_symbol();
  loopback_venue binance;
  bybit_venue bybit{one, binance.authority()};
  market_settings settings;

  fixture() {
    settings.ca_file = binance.ca_file();
    settings.binance_rest = binance.rest();
    settings.binance_streams = binance.streams();
    settings.bybit_rest = bybit.rest();
    settings.bybit_public = bybit.streams();
    settings.venue = data_venue::bybit;
    settings.reference_venue = data_venue::binance;
    list({{.body = binance_publisher{one}.rules()}});
  }

  /// What Binance says about its instruments: `first`, then the truth.
  void list(std::vector<http_answer> first) {
    first.resize(first.size() + 100, {.body = binance_publisher{one}.rules()});
    binance.state().change(
      [&](auto& x) { x.instead["/fapi/v1/exchangeInfo"] = first; });
  }

  std::unique_ptr<live_market> open() {
    auto opened = live_market::open(settings, one, 1min, quick());
    if (!opened)
      throw std::runtime_error{opened.error().text};
    return std::move(*opened);
  }

  std::string fault_of_opening() {
    auto opened = live_market::open(settings, one, 1min, quick());
    return opened ? std::string{} : opened.error().text;
  }

  /// Both markets move.
  void tick() {
    binance.trade();
    binance.depth();
    bybit.tick();
    bybit.depth("BTCUSDT");
  }
};

/// One percent above 100.05, of which a book of 101.0 and 101.1 is the middle.
constexpr int64_t a_tenth = 999'500;

/// In ticks.
int64_t best_bid(const feed& machine) {
  return machine.levels().best(side::buy)->px.ticks;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(reference_market_tests, fixture)

CAF_TEST(basis_is_how_far_bybit_is_from_binance) {
  auto market = open();
  listener heard{*market};
  CAF_REQUIRE(heard.until([&] {
    tick();
    return heard.basis() == 0;
  }));
  bybit.move("BTCUSDT", 1'010);
  CAF_CHECK(heard.until([&] {
    tick();
    return heard.basis() == a_tenth;
  }));
  CAF_MESSAGE("the book is that of the venue alone");
  CAF_CHECK_EQUAL(heard.machines[0].levels().depth(side::buy), 1u);
  CAF_CHECK(best_bid(heard.machines[0]) == 1'010);
  CAF_CHECK_EQUAL(heard.machines[0].rejected(), 0u);
  CAF_CHECK(!market->reference()->problem());
}

CAF_TEST(basis_is_how_far_binance_is_from_bybit) {
  std::swap(settings.venue, *settings.reference_venue);
  auto market = open();
  listener heard{*market};
  bybit.move("BTCUSDT", 1'010);
  CAF_CHECK(heard.until([&] {
    tick();
    return heard.basis() == -989'609;
  }));
  CAF_CHECK(best_bid(heard.machines[0]) == 1'000);
}

CAF_TEST(loss_of_the_reference_ends_the_basis_and_nothing_else) {
  auto market = open();
  listener heard{*market};
  CAF_REQUIRE(heard.until([&] {
    tick();
    return heard.basis().has_value();
  }));
  heard.left_live = heard.gone = 0;
  binance.state().change([](auto& x) { x.ignored = {"btcusdt@depth@100ms"}; });
  binance.reset();
  CAF_MESSAGE("it is told, and not only old some time");
  CAF_CHECK(heard.until([&] {
    bybit.tick();
    bybit.depth("BTCUSDT");
    return heard.gone > 0;
  }));
  CAF_CHECK(!heard.basis());
  CAF_CHECK(heard.live());
  binance.state().change([](auto& x) { x.ignored.clear(); });
  binance.reset();
  CAF_CHECK(heard.until([&] {
    tick();
    return heard.basis().has_value();
  }));
  CAF_CHECK_EQUAL(heard.left_live, 0u);
  CAF_CHECK_EQUAL(market->counters().lines.disconnects, 0u);
  CAF_CHECK(market->reference()->counters().lines.disconnects >= 2);
}

CAF_TEST(loss_of_the_venue_does_not_touch_the_reference) {
  auto market = open();
  listener heard{*market};
  CAF_REQUIRE(heard.until([&] {
    tick();
    return heard.basis().has_value();
  }));
  bybit.reset();
  CAF_CHECK(heard.until([&] {
    tick();
    return !heard.live();
  }));
  CAF_CHECK(!heard.basis());
  CAF_CHECK(heard.until([&] {
    tick();
    return heard.basis().has_value();
  }));
  CAF_CHECK_EQUAL(market->counters().lines.disconnects, 1u);
  CAF_CHECK_EQUAL(market->reference()->counters().lines.disconnects, 0u);
}

CAF_TEST(reference_that_is_out_of_reach_at_first_is_tried_again) {
  list({{.status = 503}, {.status = 503}});
  auto market = open();
  CAF_REQUIRE(market->reference()->problem());
  CAF_CHECK(contains(market->reference()->problem()->text, "found 503"));
  listener heard{*market};
  CAF_CHECK(heard.until([&] {
    bybit.tick();
    bybit.depth("BTCUSDT");
    return heard.live();
  }));
  CAF_CHECK(!heard.basis());
  CAF_CHECK(heard.until([&] {
    tick();
    return heard.basis().has_value();
  }));
  CAF_CHECK(!market->reference()->problem());
}

CAF_TEST(market_ends_while_its_reference_is_out_of_reach) {
  list({{.status = 503}, {.hold = true}});
  auto market = open();
  CAF_CHECK(market->reference()->problem());
  CAF_CHECK(binance.state().wait(
    [](auto& x) { return x.asked.at("/fapi/v1/exchangeInfo").size() >= 2; }));
  market.reset();
}

CAF_TEST(symbols_go_by_the_names_of_each_venue) {
  universe renamed{
    *instrument::make({0}, {"XBTUSDT", 10'000'000, 100'000, {}, {}})};
  bybit_venue other{renamed, binance.authority()};
  settings.bybit_rest = other.rest();
  settings.bybit_public = other.streams();
  settings.reference_names = {{"XBTUSDT", "BTCUSDT"}};
  one = renamed;
  auto market = open();
  listener heard{*market};
  CAF_CHECK(heard.until([&] {
    binance.depth();
    binance.trade();
    other.tick();
    return heard.basis() == 0;
  }));
}

CAF_TEST(symbol_that_one_venue_does_not_trade_is_named) {
  auto trade = [&](const char* name) {
    one = {*instrument::make({0}, {name, 10'000'000, 100'000, {}, {}})};
  };
  trade("NOSUCHUSDT");
  CAF_CHECK_EQUAL(fault_of_opening(),
                  "market.reference_venue: Binance: binance rules: there is no "
                  "NOSUCHUSDT (market.reference_names says what a symbol is "
                  "called there)");
  auto here = fetch_instruments(settings, {"NOSUCHUSDT"});
  CAF_REQUIRE(!here);
  CAF_CHECK(contains(here.error().text,
                     "Bybit trades no linear perpetual called NOSUCHUSDT"));
  settings.reference_venue = data_venue::bybit;
  CAF_CHECK_EQUAL(fault_of_opening(),
                  "market.reference_venue: Bybit: symbols: Bybit trades no "
                  "linear perpetual called NOSUCHUSDT (market.reference_names "
                  "says what a symbol is called there)");
  trade("BTCUSDT");
  settings.reference_names = {{"BTCUSDT", "XBTUSDT"}};
  CAF_CHECK(contains(fault_of_opening(), "called XBTUSDT"));
}

CAF_TEST(node_runs_on_the_configuration_with_two_venues_over_tls) {
  auto read = read_config({.file = "configs/paper-bybit.json"});
  CAF_REQUIRE(read.faults.empty());
  auto& config = read.config.values;
  CAF_CHECK(config.market.venue == data_venue::bybit);
  CAF_CHECK(config.market.reference_venue == data_venue::binance);
  config.run_dir = (place / "run").string();
  config.symbols = {one[0].rules()};
  config.market = settings;
  config.log.console = false;
  std::ostringstream out;
  auto outcome
    = run_node(config, {.duration = 700ms, .record = true, .quiet = true}, out);
  auto* result = std::get_if<session_result>(&outcome);
  if (result == nullptr)
    CAF_MESSAGE(std::get<session_fault>(outcome).text);
  CAF_REQUIRE(result != nullptr);
  CAF_CHECK(result->clean);
  CAF_CHECK(result->equal);
  CAF_CHECK(result->frames > 5);
  CAF_MESSAGE("what the feeds were told is in the recording");
  auto played = recording_source::open(place / "run" / "recording",
                                       {"BTCUSDT"});
  CAF_REQUIRE(played);
  uint64_t references = 0;
  uint64_t resets = 0;
  while (auto frame = (*played)->next())
    for (auto& batch : frame->batches)
      for (auto& event : batch.events) {
        references += event.kind == market_event_kind::reference_price
                      && event.px.ticks == 1'000 && event.rate_e8 == 50'000'000;
        resets += event.kind == market_event_kind::book_reset;
      }
  CAF_CHECK(references > 0);
  CAF_CHECK_EQUAL(resets, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
