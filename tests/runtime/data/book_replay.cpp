// Recordings end in the books that the rules of the venue say.

#define CAF_SUITE book_replay

#include "runtime/data/book_replay.hpp"

#include "runtime/data/recorded_session.hpp"
#include "runtime/data/recorded_steps.hpp"
#include "tests/runtime/venues/venue_fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <zlib.h>

#include <fstream>
#include <string>

#include <unistd.h>

using namespace qalpha;
using namespace qalpha::test;

namespace fs = std::filesystem;

namespace {

std::string depth_line(int64_t ms, const std::string& symbol, int first,
                       int last, int previous, const std::string& bids,
                       const std::string& asks) {
  return std::to_string(ms * 1'000'000) + " {\"e\":\"depthUpdate\",\"E\":"
         + std::to_string(ms) + ",\"T\":" + std::to_string(ms) + ",\"s\":\""
         + symbol + "\",\"U\":" + std::to_string(first) + ",\"u\":"
         + std::to_string(last) + ",\"pu\":" + std::to_string(previous)
         + ",\"b\":" + bids + ",\"a\":" + asks + "}\n";
}

std::string snapshot_line(int64_t ms, int last) {
  return std::to_string(ms * 1'000'000)
         + " {\"lastUpdateId\":" + std::to_string(last)
         + ",\"E\":" + std::to_string(ms) + ",\"T\":" + std::to_string(ms)
         + ",\"bids\":[[\"100.50\",\"1.5\"],[\"100.00\",\"2\"]],"
           "\"asks\":[[\"101.00\",\"3\"]]}\n";
}

struct fixture {
  fixture() : folder{fs::temp_directory_path() / unique_name()} {
    fs::create_directories(folder);
  }

  ~fixture() {
    fs::remove_all(folder);
  }

  static std::string unique_name() {
    static auto number = 0;
    return "qalpha_book_" + std::to_string(getpid()) + "_"
           + std::to_string(++number);
  }

  fs::path write(const std::string& name, const std::string& text) {
    std::ofstream{folder / name} << text;
    return folder / name;
  }

  book_replay need(const fs::path& path, const std::string& symbol = "") {
    auto outcome = replay_book(path, symbol);
    if (auto no = std::get_if<recording_refusal>(&outcome))
      CAF_FAIL(no->text);
    return std::get<book_replay>(outcome);
  }

  recording_refusal refused(const fs::path& path,
                            const std::string& symbol = "") {
    auto outcome = replay_book(path, symbol);
    CAF_REQUIRE(std::holds_alternative<recording_refusal>(outcome));
    return std::get<recording_refusal>(outcome);
  }

  fs::path folder;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(book_replay_tests, fixture)

CAF_TEST(lines_of_either_layout_are_known) {
  auto stream = parse_recorded_line("1723161255030314667 {\"a\":1}\n");
  CAF_REQUIRE(stream);
  CAF_CHECK_EQUAL(stream->received.ns, 1'723'161'255'030'314'667);
  CAF_CHECK_EQUAL(stream->text, "{\"a\":1}");
  auto seconds = parse_recorded_line("1626992741.06217: {}");
  CAF_REQUIRE(seconds);
  CAF_CHECK_EQUAL(seconds->received.ns, 1'626'992'741'062'170'000);
  auto answer = parse_recorded_line(
    "https://host/fapi/v1/depth?symbol=CTKUSDT&limit=5 "
    "-> 1626992741.5: {}\r\n");
  CAF_REQUIRE(answer);
  CAF_CHECK_EQUAL(depth_symbol(answer->address), "CTKUSDT");
  for (auto other : {"", "\n", "{}", "wss://host/stream <-> 1626992740.1",
                     "https://host/x", "abc {}", "-5 {}", "5", "1.2.3 {}"})
    CAF_CHECK(!parse_recorded_line(other));
}

CAF_TEST(steps_are_the_decimals_that_levels_need) {
  level_places places;
  widen(places, "{\"b\":[[\"100.500\",\"2.000\"],[\"7\",\"0.0250\"]]}");
  CAF_CHECK_EQUAL(places.price, 1);
  CAF_CHECK_EQUAL(places.size, 3);
  widen(places, "[\"1.00000001\",\"1\"] [\"a.123456\",\"1\"] [\"1.5");
  CAF_CHECK_EQUAL(places.price, 8);
  CAF_CHECK_EQUAL(places.size, 3);
}

CAF_TEST(updates_before_the_snapshot_wait_for_it) {
  auto path = write(
    "session",
    depth_line(1'000, "BTCUSDT", 1, 5, 0, "[]", "[]")
      + depth_line(1'010, "BTCUSDT", 6, 9, 5, "[[\"100.50\",\"0\"]]",
                   "[[\"100.75\",\"4\"]]")
      + snapshot_line(1'015, 8)
      + depth_line(1'020, "BTCUSDT", 12, 15, 9, "[[\"100.25\",\"1\"]]", "[]"));
  auto x = need(path);
  CAF_CHECK(x.in_step);
  CAF_CHECK_EQUAL(x.snapshot_last, 8u);
  CAF_CHECK(x.sync.bridge == (bridging_update{1, 6, 9, 5}));
  CAF_CHECK_EQUAL(x.sync.applied, 2u);
  CAF_CHECK_EQUAL(x.sync.gaps, 0u);
  CAF_CHECK_EQUAL(x.crossed, 0u);
  CAF_CHECK_EQUAL(x.traded.text(x.bids.best->px), "100.25");
  CAF_CHECK_EQUAL(x.traded.text(x.asks.best->px), "100.75");
  CAF_CHECK_EQUAL(x.bids.levels, 2u);
  CAF_CHECK_EQUAL(x.traded.text(x.bids.total), "3.0");
  CAF_CHECK_EQUAL(x.traded.text(x.asks.total), "7.0");
}

CAF_TEST(a_gap_voids_the_book) {
  auto path = write("session",
                    snapshot_line(1'000, 5)
                      + depth_line(1'010, "BTCUSDT", 4, 6, 3, "[]", "[]")
                      + depth_line(1'020, "BTCUSDT", 9, 10, 8, "[]", "[]"));
  auto x = need(path);
  CAF_CHECK(!x.in_step);
  CAF_CHECK_EQUAL(x.sync.gaps, 1u);
  CAF_CHECK_EQUAL(x.bids.levels, 0u);
  CAF_CHECK(!x.bids.best);
}

CAF_TEST(crossed_books_are_counted) {
  auto path = write(
    "session",
    snapshot_line(1'000, 5)
      + depth_line(1'010, "BTCUSDT", 4, 6, 3, "[[\"101.50\",\"1\"]]", "[]")
      + depth_line(1'020, "BTCUSDT", 7, 8, 6, "[[\"101.50\",\"0\"]]", "[]"));
  CAF_CHECK_EQUAL(need(path).crossed, 1u);
}

CAF_TEST(one_symbol_of_several_is_chosen) {
  auto path = write("session",
                    snapshot_line(1'000, 5)
                      + depth_line(1'010, "BTCUSDT", 4, 6, 3, "[]", "[]")
                      + depth_line(1'020, "XRPUSDT", 4, 6, 3, "[]", "[]"));
  auto no = refused(path);
  CAF_CHECK(no.what == recording_refusal::kind::ambiguous);
  CAF_CHECK_EQUAL(no.text, path.string()
                             + ": --symbol: expected one of BTCUSDT, XRPUSDT");
  CAF_CHECK_EQUAL(need(path, "XRPUSDT").sync.applied, 1u);
  CAF_CHECK(refused(path, "ETHUSDT").what
            == recording_refusal::kind::not_found);
}

CAF_TEST(what_makes_no_book_is_refused) {
  using kind = recording_refusal::kind;
  CAF_CHECK(refused(folder / "none").what == kind::not_found);
  CAF_CHECK(refused(write("empty", "")).what == kind::data);
  CAF_CHECK(refused(write("noise", "hello\n\n{}\n\x01\x02")).what
            == kind::data);
  CAF_MESSAGE("no snapshot, one that is too old, and spot");
  auto update = depth_line(1'010, "BTCUSDT", 7, 9, 6, "[]", "[]");
  CAF_CHECK(refused(write("alone", update)).what == kind::data);
  CAF_CHECK(refused(write("old", snapshot_line(1'000, 5) + update)).what
            == kind::data);
  auto spot = snapshot_line(1'000, 7) + update;
  spot.erase(spot.find(",\"pu\":6"), 7);
  auto no = refused(write("spot", spot));
  CAF_CHECK(no.what == kind::data);
  CAF_CHECK(no.text.find("spot") != no.text.npos);
}

CAF_TEST(damaged_files_are_named) {
  auto text = snapshot_line(1'000, 5);
  for (auto i = 0; i < 2'000; ++i)
    text += depth_line(1'010 + i, "BTCUSDT", 5 + i, 5 + i, 4 + i,
                       "[[\"100." + std::to_string(i % 90 + 10) + "\",\""
                         + std::to_string(i * 7'919 % 1'000) + "\"]]",
                       "[]");
  auto path = folder / "session.gz";
  auto file = gzopen(path.c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  CAF_CHECK_EQUAL(need(path).sync.applied, 2'000u);
  fs::resize_file(path, fs::file_size(path) / 2);
  auto no = refused(path);
  CAF_CHECK(no.what == recording_refusal::kind::data);
  CAF_CHECK_EQUAL(no.text, path.string()
                             + ": expected a whole file, found one that is "
                               "damaged or cut off");
}

CAF_TEST(answers_of_other_symbols_stay_aside) {
  auto http = [](int64_t ms, const std::string& symbol, int last) {
    auto line = snapshot_line(ms, last);
    return "https://host/fapi/v1/depth?symbol=" + symbol + "&limit=1000 -> "
           + std::to_string(ms / 1'000) + "." + std::to_string(ms % 1'000)
           + ": " + line.substr(line.find('{'));
  };
  auto path = write("day.ws.1.0",
                    depth_line(1'110, "BTCUSDT", 4, 6, 3, "[]", "[]")
                      + depth_line(1'120, "BTCUSDT", 7, 9, 6, "[]", "[]"));
  write("day.http.0.0", http(1'100, "XRPUSDT", 8) + http(1'105, "BTCUSDT", 5));
  write("other.http.0.0", http(1'100, "BTCUSDT", 7));
  auto x = need(path);
  CAF_CHECK_EQUAL(x.snapshot_last, 5u);
  CAF_CHECK_EQUAL(x.sync.applied, 2u);
}

CAF_TEST(recorded_sessions_end_in_their_reference_states) {
  auto root = recorded_folder();
  if (!root) {
    CAF_MESSAGE("no market data here, nothing to do");
    return;
  }
  auto folder_of_usdm = *root / "binance_usdm";
  auto x = need(folder_of_usdm / "btcusdt_20240808.gz");
  CAF_CHECK_EQUAL(x.snapshot_last, 5'123'107'852'948u);
  CAF_CHECK(x.sync.bridge
            == (bridging_update{4, 5'123'107'850'310, 5'123'107'853'551,
                                5'123'107'850'146}));
  CAF_CHECK_EQUAL(x.sync.applied, 6'547u);
  CAF_CHECK_EQUAL(x.sync.gaps, 0u);
  CAF_CHECK_EQUAL(x.crossed, 0u);
  CAF_CHECK_EQUAL(x.traded.text(x.bids.best->px), "61659.7");
  CAF_CHECK_EQUAL(x.traded.text(x.asks.best->px), "61659.8");
  CAF_CHECK_EQUAL(x.bids.levels, 5'018u);
  CAF_CHECK_EQUAL(x.asks.levels, 4'578u);
  CAF_CHECK_EQUAL(x.traded.text(x.bids.total), "9457.538");
  CAF_CHECK_EQUAL(x.traded.text(x.asks.total), "8813.296");
  struct row {
    const char* symbol;
    uint64_t snapshot;
    bridging_update bridge;
    uint64_t applied;
  };
  for (const auto& expected :
       {row{"SUSHIUSDT",
            600'859'605'926,
            {3, 600'859'605'926, 600'859'607'423, 600'859'604'824},
            252},
        row{"AKROUSDT",
            600'859'605'486,
            {1, 600'859'603'597, 600'859'605'486, 600'859'599'831},
            188},
        row{"KEEPUSDT",
            600'859'619'434,
            {3, 600'859'618'057, 600'859'619'434, 600'859'607'807},
            132},
        row{"CTKUSDT",
            600'859'618'836,
            {5, 600'859'617'271, 600'859'618'836, 600'859'616'469},
            180}}) {
    auto y = need(folder_of_usdm / "cryptofeed_2021", expected.symbol);
    CAF_CHECK_EQUAL(y.snapshot_last, expected.snapshot);
    CAF_CHECK(y.sync.bridge == expected.bridge);
    CAF_CHECK_EQUAL(y.sync.applied, expected.applied);
    CAF_CHECK_EQUAL(y.sync.gaps, 0u);
    CAF_CHECK_EQUAL(y.crossed, 0u);
  }
  auto spot = refused(folder_of_usdm / "negative_spot_ethusdt_20240808.gz");
  CAF_CHECK(spot.what == recording_refusal::kind::data);
}

CAF_TEST_FIXTURE_SCOPE_END()
