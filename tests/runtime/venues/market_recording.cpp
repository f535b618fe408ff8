#define CAF_SUITE venues.market_recording

#include "runtime/venues/market_recording.hpp"

#include "runtime/data/recording_replay.hpp"
#include "runtime/data/recording_text.hpp"
#include "runtime/net/network_thread.hpp"
#include "runtime/venues/recorded_source.hpp"
#include "tests/runtime/storage/raw_world.hpp"
#include "tests/runtime/venues/collector_fixture.hpp"
#include "tests/runtime/venues/loopback_venue.hpp"

#include <caf/test/unit_test.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <thread>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr auto malformed = static_cast<size_t>(decode_fault::malformed);

template <class Condition>
void wait_until(Condition condition) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error{"the venue was not heard in time"};
    std::this_thread::yield();
  }
}

struct fixture {
  loopback_venue venue;
  market_settings settings;
  universe one = one_symbol();
  scratch place;
  fs::path directory = place / "recording";

  fixture() {
    settings.binance_rest = venue.rest();
    settings.binance_streams = venue.streams();
    settings.ca_file = venue.ca_file();
  }

  fallible<std::unique_ptr<market_recording>> open(const universe& all) {
    return market_recording::open(settings, all, directory, "n1",
                                  network_thread::utc_now(), quick());
  }

  /// Moves the market until the book and enough trades were heard, stops, and
  /// @returns what was recorded.
  recording_progress record() {
    auto opened = open(one);
    if (!opened)
      throw std::runtime_error{opened.error().text};
    auto& recording = **opened;
    wait_until([&] {
      venue.trade();
      venue.depth();
      auto now = recording.progress().heard;
      return now.in_step == 1 && now.trades.delivered >= 5;
    });
    // The last thing on every connection, so that nothing is under way.
    venue.send("the end");
    wait_until([&] {
      auto lines = recording.progress().heard.lines;
      return lines.decode_faults[malformed] == lines.connects;
    });
    lost_before = recording.recovery().lost;
    if (auto wrong = recording.stop())
      throw std::runtime_error{wrong->text};
    return recording.progress();
  }

  uint64_t messages_on_disk() {
    auto reader = raw_reader::open(directory);
    if (!reader)
      throw std::runtime_error{reader.error().text};
    uint64_t result = 0;
    while (auto x = reader->next())
      result += x->kind == raw_kind::message;
    return result;
  }

  raw_loss lost_before;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(market_recording_tests, fixture)

CAF_TEST(every_message_that_was_received_is_on_the_disk) {
  auto made = record();
  CAF_CHECK(made.heard.lines.messages > 10);
  CAF_CHECK_EQUAL(messages_on_disk(), made.heard.lines.messages);
  CAF_CHECK_EQUAL(made.kept.written, made.kept.accepted);
  CAF_CHECK_EQUAL(made.kept.dropped.records, 0u);
}

CAF_TEST(replay_ends_with_the_book_of_the_venue) {
  auto made = record();
  auto sent = venue.state().copy();
  auto outcome = replay_recording(directory);
  auto* played = std::get_if<recording_replay>(&outcome);
  CAF_REQUIRE(played != nullptr);
  CAF_CHECK_EQUAL(played->venue, "binance");
  CAF_CHECK_EQUAL(played->records, made.kept.written);
  CAF_CHECK_EQUAL(played->faults, made.heard.lines.decode_faults[malformed]);
  CAF_CHECK(played->whole());
  CAF_REQUIRE_EQUAL(played->symbols.size(), 1u);
  auto& symbol = played->symbols[0];
  CAF_CHECK_EQUAL(symbol.traded.name(), "BTCUSDT");
  CAF_CHECK_EQUAL(symbol.trades, made.heard.trades.delivered);
  CAF_CHECK(symbol.state == sequence_state::exact);
  CAF_CHECK_EQUAL(symbol.rejected, 0u);
  CAF_REQUIRE(symbol.bid && symbol.ask);
  CAF_CHECK_EQUAL(symbol.bid->px.ticks, 1'000);
  CAF_CHECK_EQUAL(symbol.bid->qty.lots, static_cast<int64_t>(sent.depth));
  CAF_CHECK_EQUAL(symbol.ask->px.ticks, 1'001);
  CAF_CHECK(contains(to_json(*played), R"("best_bid": 100.0, )"));
}

CAF_TEST(second_recorder_continues_what_is_there) {
  auto first = record();
  auto second = record();
  CAF_CHECK_EQUAL(lost_before.records, 0u);
  CAF_CHECK_EQUAL(messages_on_disk(),
                  first.heard.lines.messages + second.heard.lines.messages);
  auto sent = venue.state().copy();
  auto outcome = replay_recording(directory);
  auto* played = std::get_if<recording_replay>(&outcome);
  CAF_REQUIRE(played != nullptr && played->symbols[0].bid);
  CAF_CHECK_EQUAL(played->symbols[0].bid->qty.lots,
                  static_cast<int64_t>(sent.depth));
}

CAF_TEST(stop_on_purpose_is_told_for_who_continues) {
  record();
  record();
  auto reader = raw_reader::open(directory);
  CAF_REQUIRE(reader);
  std::map<std::string, int> open;
  uint64_t stopped = 0;
  while (auto x = reader->next()) {
    auto name = std::string{x->connection};
    if (x->kind == raw_kind::connected)
      CAF_CHECK_EQUAL(++open[name], 1);
    if (x->kind == raw_kind::message)
      CAF_CHECK_EQUAL(open[name], 1);
    if (x->kind == raw_kind::disconnected) {
      CAF_CHECK_EQUAL(std::string{x->bytes}, "stopped");
      --open[name];
      ++stopped;
    }
  }
  CAF_CHECK_EQUAL(stopped, 4u);
  for (auto& [name, count] : open)
    CAF_CHECK_EQUAL(count, 0);
}

CAF_TEST(nothing_is_taken_for_the_continuation_of_a_recorder_that_stopped) {
  auto first = record();
  record();
  CAF_CHECK_EQUAL(first.heard.lines.disconnects, 0u);
  auto source = recorded_source::open(directory, one);
  CAF_REQUIRE(source);
  uint64_t interrupted = 0;
  while (auto frame = (*source)->next())
    for (auto& batch : frame->batches)
      for (auto& event : batch.events)
        interrupted += event.kind == market_event_kind::interrupted;
  CAF_CHECK_EQUAL(interrupted, 1u);
}

CAF_TEST(recording_of_other_rules_or_of_another_venue_is_not_continued) {
  record();
  auto before = messages_on_disk();
  auto other = instrument::make({0}, {"BTCUSDT", 1'000'000, 100'000, {}, {}});
  CAF_REQUIRE(other);
  auto refused = open({*other});
  CAF_REQUIRE(!refused);
  CAF_CHECK(contains(refused.error().text, "record to a new directory"));
  settings.venue = data_venue::bybit;
  refused = open(one);
  CAF_REQUIRE(!refused);
  CAF_CHECK(contains(refused.error().text, "expected a recording of bybit"));
  CAF_CHECK_EQUAL(messages_on_disk(), before);
}

CAF_TEST(segment_that_is_gone_is_told_and_the_rest_played) {
  record();
  record();
  CAF_REQUIRE(fs::remove(directory / "000001.qraw"));
  auto outcome = replay_recording(directory);
  auto* played = std::get_if<recording_replay>(&outcome);
  CAF_REQUIRE(played != nullptr);
  CAF_CHECK(!played->whole());
  CAF_CHECK(contains(to_json(*played), R"("whole": false)"));
  CAF_CHECK(contains(to_text(*played), "the segment is missing"));
  CAF_CHECK(played->symbols[0].state == sequence_state::exact);
}

CAF_TEST(nothing_to_play_is_told_from_nothing_that_can_be_played) {
  auto kind_of = [&] {
    auto outcome = replay_recording(directory);
    auto* no = std::get_if<recording_refusal>(&outcome);
    return no ? std::optional{no->what} : std::nullopt;
  };
  CAF_CHECK(kind_of() == recording_refusal::kind::not_found);
  fs::create_directories(directory);
  CAF_CHECK(kind_of() == recording_refusal::kind::not_found);
  std::ofstream{directory / "000001.qraw"} << std::string(10'000, 'x');
  CAF_CHECK(kind_of() == recording_refusal::kind::data);
}

CAF_TEST(summary_says_what_is_not_on_the_disk) {
  recording_summary made{"rec", "binance", {}, {}, std::nullopt};
  CAF_CHECK(contains(to_json(made), R"("ok": false)"));
  made.made.heard.lines.messages = 6;
  made.made.kept.accepted = made.made.kept.written = 7;
  CAF_CHECK(made.complete());
  CAF_CHECK(contains(to_json(made), R"("ok": true)"));
  made.made.kept.dropped = {true, 3, 300};
  CAF_CHECK(!made.complete());
  CAF_CHECK(contains(to_json(made), R"("ok": false)"));
  CAF_CHECK(contains(to_text(made), "dropped 3 records (300 bytes)"));
}

CAF_TEST_FIXTURE_SCOPE_END()
