#define CAF_SUITE book_sync_recorded

#include "models/market/book_sync.hpp"
#include "tests/models/market/depth_fixture.hpp"
#include "tests/models/market/recorded_depth.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

struct session {
  book_sync machine;
  test::depth_reader reader;

  template <class Message>
  void give(const Message& message) {
    std::vector<market_event> events;
    machine.step(message, events);
    reader.read(events);
  }
};

int64_t lots(const book& levels, side which) {
  int64_t result = 0;
  for (auto& level : levels.top(which, levels.depth(which)))
    result += level.qty.lots;
  return result;
}

struct expected_session {
  const char* symbol;
  uint64_t index;
  uint64_t first;
  uint64_t last;
  uint64_t previous;
  uint64_t applied;
};

// The last digits of what data/README.md says.
constexpr expected_session sessions_2021[] = {
  {"SUSHIUSDT", 3, 600859605926, 600859607423, 600859604824, 252},
  {"AKROUSDT", 1, 600859603597, 600859605486, 600859599831, 188},
  {"KEEPUSDT", 3, 600859618057, 600859619434, 600859607807, 132},
  {"CTKUSDT", 5, 600859617271, 600859618836, 600859616469, 180},
};

constexpr test::step_sizes fine{1'000, 100'000'000};

} // namespace

CAF_TEST(recorded_bitcoin_session_ends_in_the_known_book) {
  auto path = test::recorded_path("binance_usdm/btcusdt_20240808.gz");
  if (!path) {
    CAF_MESSAGE("no recorded market data here, nothing to do");
    return;
  }
  session run;
  for (auto& message : test::recorded_session(*path, {10'000'000, 100'000}))
    std::visit([&](auto& x) { run.give(x); }, message);
  auto& facts = run.machine.statistics();
  CAF_CHECK(
    facts.bridge
    == (bridging_update{4, 5123107850310, 5123107853551, 5123107850146}));
  CAF_CHECK_EQUAL(facts.received, 6'551u);
  CAF_CHECK_EQUAL(facts.applied, 6'547u);
  CAF_CHECK_EQUAL(facts.gaps, 0u);
  auto& levels = run.reader.levels;
  CAF_CHECK_EQUAL(run.reader.crossed, 0u);
  CAF_CHECK_EQUAL(run.reader.jumps, 0u);
  CAF_CHECK(levels.best(side::buy)->px == price{616'597});
  CAF_CHECK(levels.best(side::sell)->px == price{616'598});
  CAF_CHECK_EQUAL(levels.depth(side::buy), 5'018u);
  CAF_CHECK_EQUAL(levels.depth(side::sell), 4'578u);
  CAF_CHECK_EQUAL(lots(levels, side::buy), 9'457'538);
  CAF_CHECK_EQUAL(lots(levels, side::sell), 8'813'296);
}

CAF_TEST(recorded_sessions_of_2021_join_at_the_known_update) {
  auto stream = test::recorded_path("binance_usdm/cryptofeed_2021/"
                                    "BINANCE_FUTURES.ws.1.0.gz");
  auto rest = test::recorded_path("binance_usdm/cryptofeed_2021/"
                                  "BINANCE_FUTURES.http.0.0.gz");
  if (!stream || !rest) {
    CAF_MESSAGE("no recorded market data here, nothing to do");
    return;
  }
  std::map<std::string, depth_snapshot> snapshots;
  for (auto& line : test::unpacked_lines(*rest)) {
    if (line.find("\"lastUpdateId\"") == std::string::npos)
      continue;
    auto begin = line.find("symbol=") + 7;
    snapshots[line.substr(begin, line.find('&') - begin)]
      = test::snapshot_of(test::json_of(line), fine);
  }
  std::map<std::string, std::vector<depth_update>> updates;
  for (auto& line : test::unpacked_lines(*stream)) {
    if (line.find("\"depthUpdate\"") == std::string::npos)
      continue;
    auto json = test::json_of(line);
    updates[json["data"]["s"].GetString()].push_back(
      test::update_of(json["data"], fine));
  }
  for (auto& expected : sessions_2021) {
    CAF_MESSAGE(expected.symbol);
    auto& list = updates[expected.symbol];
    CAF_MESSAGE("whenever the snapshot arrives");
    for (size_t arrival : {0, 1, 3, 7, 100}) {
      session run;
      for (size_t i = 0; i < list.size(); ++i) {
        if (i == arrival)
          run.give(snapshots[expected.symbol]);
        run.give(list[i]);
      }
      auto& facts = run.machine.statistics();
      CAF_CHECK(facts.bridge
                == (bridging_update{expected.index, expected.first,
                                    expected.last, expected.previous}));
      CAF_CHECK_EQUAL(facts.applied, expected.applied);
      CAF_CHECK_EQUAL(facts.gaps, 0u);
      CAF_CHECK_EQUAL(run.reader.crossed, 0u);
      CAF_CHECK_EQUAL(run.reader.jumps, 0u);
    }
  }
}

CAF_TEST(recorded_spot_session_never_becomes_a_book) {
  auto path
    = test::recorded_path("binance_usdm/negative_spot_ethusdt_20240808.gz");
  if (!path) {
    CAF_MESSAGE("no recorded market data here, nothing to do");
    return;
  }
  session run;
  size_t updates = 0;
  for (auto& message : test::recorded_session(*path, {1, 1})) {
    std::visit([&](auto& x) { run.give(x); }, message);
    updates += std::holds_alternative<depth_update>(message);
    CAF_REQUIRE(!run.machine.in_step());
  }
  CAF_CHECK(updates > 1'000);
  CAF_CHECK(run.machine.statistics().refused >= updates);
  CAF_CHECK_EQUAL(run.reader.groups, 0u);
}
