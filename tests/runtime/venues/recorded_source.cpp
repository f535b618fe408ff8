#define CAF_SUITE venues_recorded_source

#include "runtime/venues/recorded_source.hpp"

#include "models/market/feed.hpp"
#include "runtime/storage/raw/plain_recording.hpp"
#include "tests/runtime/storage/raw_world.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct silent final : feed::effects {
  void tell(const feed_health&) override {
  }
  void tell(const mark_updated&) override {
  }
  void tell(const quote&) override {
  }
  void tell(const bar_context_known&) override {
    // nop
  }

  void tell(const bar_closed&) override {
  }
  void tell(const book_wanted&) override {
  }
};

universe bitcoin() {
  return {make_instrument(0, "BTCUSDT", 10'000'000, 100'000)};
}

raw_origin of_binance(const universe& all) {
  raw_origin result{"node-1", "session-1", "binance", {}};
  for (auto& x : all)
    result.instruments.push_back(x.rules());
  return result;
}

std::unique_ptr<raw_recorder> record_market(const fs::path& directory,
                                            const universe& all) {
  auto result = raw_recorder::open(directory, of_binance(all), {}, raw_start);
  if (!result)
    throw std::runtime_error{result.error().text};
  return std::move(*result);
}

std::string depth(uint64_t first, uint64_t last, uint64_t previous,
                  const char* bid) {
  auto text = [](uint64_t x) { return std::to_string(x); };
  return R"({"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate",)"
         R"("E":1700000000001,"T":1700000000000,"s":"BTCUSDT","U":)"
         + text(first) + R"(,"u":)" + text(last) + R"(,"pu":)" + text(previous)
         + R"(,"b":[[")" + bid + R"(","1.000"]],"a":[["200.0","1.000"]]}})";
}

constexpr const char* snapshot
  = R"({"lastUpdateId":10,"E":1700000000001,"T":1700000000000,)"
    R"("bids":[["99.0","1.000"]],"asks":[["200.0","2.000"]]})";

/// A recording of a book that goes in step with record 3.
struct market {
  scratch place;
  fs::path directory = place / "raw";
  std::unique_ptr<raw_recorder> recorder = record_market(directory, bitcoin());
  int64_t now = 0;

  void put(raw_kind kind, std::string_view connection, std::string_view target,
           std::string_view bytes) {
    recorder->append({raw_start + std::chrono::milliseconds{40 * now++}, kind,
                      connection, target, bytes});
  }

  void put_book() {
    put(raw_kind::connected, "public", "", "");
    put(raw_kind::message, "public", "", depth(8, 12, 7, "100.0"));
    put(raw_kind::rest_answer, "rest", "/fapi/v1/depth?symbol=BTCUSDT&limit=5",
        snapshot);
  }

  /// @returns the kinds of all events, in order.
  std::vector<market_event_kind> play() {
    recorder->close();
    auto source = recorded_source::open(directory, bitcoin());
    if (!source)
      throw std::runtime_error{source.error().text};
    std::vector<market_event_kind> result;
    while (auto frame = (*source)->next())
      for (auto& batch : frame->batches)
        for (auto& event : batch.events)
          result.push_back(event.kind);
    in_step = (*source)->player().track({0}).in_step();
    return result;
  }

  bool in_step = false;
};

std::string fault_of(const fs::path& directory, const universe& all) {
  auto result = recorded_source::open(directory, all);
  return result ? std::string{} : result.error().text;
}

const std::vector<market_event_kind> a_book{
  market_event_kind::book_reset,    market_event_kind::bid_level,
  market_event_kind::ask_level,     market_event_kind::book_complete,
  market_event_kind::bid_level,     market_event_kind::ask_level,
  market_event_kind::book_complete,
};

} // namespace

CAF_TEST(the_bytes_of_a_recording_make_the_book_of_the_venue) {
  market x;
  x.put_book();
  CAF_CHECK(x.play() == a_book);
  CAF_CHECK(x.in_step);
}

CAF_TEST(the_last_connection_of_a_book_takes_it_along) {
  market x;
  x.put_book();
  x.put(raw_kind::disconnected, "public", "", "closed");
  auto expected = a_book;
  expected.push_back(market_event_kind::interrupted);
  CAF_CHECK(x.play() == expected);
  CAF_CHECK(!x.in_step);
}

CAF_TEST(a_connection_that_was_replaced_takes_no_book_along) {
  market x;
  x.put_book();
  x.put(raw_kind::message, "public-2", "", depth(13, 14, 12, "101.0"));
  x.put(raw_kind::disconnected, "public", "", "24 hours");
  x.play();
  CAF_CHECK(x.in_step);
}

CAF_TEST(a_successor_of_the_same_name_keeps_the_book) {
  market x;
  x.put_book();
  x.put(raw_kind::connected, "public", "", "");
  x.put(raw_kind::disconnected, "public", "", "24 hours");
  CAF_CHECK(x.play() == a_book);
  CAF_CHECK(x.in_step);
}

CAF_TEST(records_that_are_missing_void_the_book) {
  market x;
  x.put_book();
  x.put(raw_kind::message, std::string(256, 'x'), "", "refused");
  x.put(raw_kind::message, "public", "", depth(13, 14, 12, "101.0"));
  auto expected = a_book;
  expected.push_back(market_event_kind::interrupted);
  CAF_CHECK(x.play() == expected);
  CAF_CHECK(!x.in_step);
}

CAF_TEST(frames_follow_each_other_and_a_long_silence_is_skipped) {
  market x;
  for (auto time : {0, 50, 350, 3'600'000, 200})
    x.recorder->append({raw_start + std::chrono::milliseconds{time},
                        raw_kind::message,
                        "public",
                        {},
                        "{}"});
  x.recorder->close();
  auto source = recorded_source::open(x.directory, bitcoin());
  CAF_REQUIRE(source);
  std::vector<int64_t> times;
  while (auto frame = (*source)->next())
    times.push_back((frame->time - raw_start).count() / 1'000'000);
  // The clock that went back is of the frame that was played then.
  CAF_CHECK(times == (std::vector<int64_t>{100, 200, 300, 400, 3'600'100}));
  CAF_CHECK_EQUAL((*source)->player().counts().records, 5u);
}

CAF_TEST(other_instruments_rules_and_venues_are_refused_in_one_line) {
  market x;
  x.recorder->close();
  auto name = x.directory.string() + ": ";
  CAF_CHECK_EQUAL(
    fault_of(x.directory, {make_instrument(0, "BTCUSDT", 10'000'000, 100'000),
                           make_instrument(1, "XRPUSDT", 10'000, 100'000'000)}),
    name + "recorded without XRPUSDT");
  CAF_CHECK_EQUAL(
    fault_of(x.directory, {make_instrument(0, "BTCUSDT", 1'000'000, 100'000)}),
    name + "BTCUSDT was recorded with another tick or lot than configured");
  raw_recorder::open(
    x.place / "b", {"n", "s", "kraken", {bitcoin()[0].rules()}}, {}, raw_start);
  CAF_CHECK(contains(fault_of(x.place / "b", bitcoin()),
                     "expected a recording of binance or bybit"));
}

CAF_TEST(a_recorded_session_ends_with_the_book_that_is_known_for_it) {
  auto data = std::getenv("QALPHA_DATA");
  auto file = std::string{data ? data : ""}
              + "/recorded/binance_usdm/btcusdt_20240808.gz";
  if (!data || !fs::exists(file)) {
    CAF_MESSAGE("skipped: no " << file);
    return;
  }
  scratch place;
  auto recorder = record_market(place / "raw", bitcoin());
  CAF_REQUIRE(import_plain_recording({file}, "BTCUSDT", *recorder));
  CAF_CHECK(recorder->close() == std::nullopt);
  auto source = recorded_source::open(place / "raw", bitcoin());
  CAF_REQUIRE(source);
  feed image{{0}, {}};
  silent nobody;
  while (auto frame = (*source)->next())
    for (auto& batch : frame->batches)
      image.step(batch, nobody);
  auto& levels = image.levels();
  auto& statistics = (*source)->player().track({0}).book_statistics();
  CAF_CHECK((*source)->damage().none());
  CAF_CHECK_EQUAL(statistics.applied, 6547u);
  CAF_CHECK_EQUAL(statistics.gaps, 0u);
  CAF_CHECK(levels.best(side::buy)->px == price{616'597});
  CAF_CHECK(levels.best(side::sell)->px == price{616'598});
  CAF_CHECK_EQUAL(levels.depth(side::buy), 5018u);
  CAF_CHECK_EQUAL(levels.depth(side::sell), 4578u);
  CAF_CHECK_EQUAL(image.gaps(), 0u);
  CAF_CHECK_EQUAL((*source)->player().track({0}).trade_counts().delivered,
                  21'313u);
}
