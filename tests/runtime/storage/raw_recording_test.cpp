#define CAF_SUITE storage_raw_recording

#include "runtime/storage/bar_history_input.hpp"
#include "tests/runtime/storage/raw_world.hpp"

#include <caf/test/unit_test.hpp>

#include <charconv>

using namespace qalpha;
using namespace qalpha::test;

CAF_TEST(all_kinds_of_records_come_back_byte_for_byte_in_order) {
  scratch place;
  std::vector<kept_record> put;
  auto all_bytes = std::string(256, '\0');
  for (size_t i = 0; i < all_bytes.size(); ++i)
    all_bytes[i] = static_cast<char>(i);
  auto add = [&put](raw_kind kind, std::string connection, std::string target,
                    std::string bytes) {
    auto sequence = put.size() + 1;
    put.push_back({sequence,
                   {raw_start.ns - static_cast<int64_t>(sequence)},
                   kind,
                   std::move(connection),
                   std::move(target),
                   std::move(bytes)});
  };
  add(raw_kind::connected, "public", "", "");
  add(raw_kind::message, "public", "", all_bytes);
  add(raw_kind::rest_answer, "rest", "/fapi/v1/depth?symbol=BTCUSDT", "{}");
  add(raw_kind::health, "", "", R"({"age_ms":3})");
  add(raw_kind::clock_offset, "rest", "", "-1270000000");
  add(raw_kind::message, std::string(255, 'c'), std::string(65535, 't'),
      std::string(100'000, 'b'));
  add(raw_kind::disconnected, "public", "", "closed by the venue");
  auto recorder = record_in(place.root());
  for (auto& record : put)
    CAF_CHECK(recorder->append(record.view()));
  CAF_CHECK(recorder->close() == std::nullopt);
  auto found = read_all(place.root());
  CAF_CHECK_EQUAL(found.fault, "");
  CAF_CHECK(found.records == put);
  CAF_CHECK(found.damage.none());
  CAF_CHECK(found.damage.notes.empty());
}

CAF_TEST(the_header_says_who_recorded_what) {
  scratch place;
  record_in(place.root())->close();
  auto reader = raw_reader::open(place.root());
  CAF_REQUIRE(reader);
  CAF_CHECK(reader->header().origin == an_origin());
  CAF_CHECK(reader->header().opened == raw_start);
  CAF_CHECK(reader->next() == std::nullopt);
}

CAF_TEST(segments_are_sealed_by_size_and_listed_with_their_sums) {
  scratch place;
  auto how = small_blocks();
  how.segment_bytes = 600;
  auto recorder = record_in(place.root(), how);
  record_messages(*recorder, 1, 200, 10);
  CAF_CHECK(recorder->counts().segments > 3);
  CAF_CHECK(recorder->close() == std::nullopt);
  auto manifest = read_manifest(place.root());
  CAF_REQUIRE(manifest);
  uint64_t next = 1;
  for (auto& entry : *manifest) {
    CAF_CHECK_EQUAL(entry.first_sequence, next);
    CAF_CHECK(entry.first == message_of(next).received);
    next += entry.records;
    CAF_CHECK(entry.last == message_of(next - 1).received);
  }
  CAF_CHECK_EQUAL(next, 201u);
  auto inventory = take_inventory(place.root(), false);
  CAF_REQUIRE(inventory);
  CAF_CHECK_EQUAL(inventory->numbers.size(), manifest->size());
  CAF_CHECK(check_sums(*inventory).empty());
  CAF_CHECK_EQUAL(read_all(place.root()).messages().size(), 200u);
}

CAF_TEST(segments_are_sealed_by_the_time_that_they_cover) {
  scratch place;
  auto how = small_blocks();
  how.segment_every = std::chrono::milliseconds{50};
  auto recorder = record_in(place.root(), how);
  record_messages(*recorder, 1, 200, 10);
  // Messages are a millisecond apart: 50 and the block that reaches the limit.
  CAF_CHECK_EQUAL(recorder->counts().segments, 4u);
}

CAF_TEST(the_next_recorder_continues_the_sequence_in_a_new_segment) {
  scratch place;
  for (uint64_t round = 0; round < 3; ++round) {
    auto recorder = record_in(place.root());
    CAF_CHECK_EQUAL(recorder->recovery().next_sequence, 20 * round + 1);
    CAF_CHECK(recorder->recovery().lost == raw_loss{});
    record_messages(*recorder, 20 * round + 1, 20 * round + 20, 7);
    CAF_CHECK(recorder->close() == std::nullopt);
  }
  auto found = read_all(place.root());
  CAF_REQUIRE_EQUAL(found.records.size(), 60u);
  for (auto& record : found.records)
    CAF_CHECK(record == message_of(record.sequence));
  CAF_CHECK(found.damage.none());
}

CAF_TEST(a_recording_is_read_while_it_is_written) {
  scratch place;
  auto recorder = record_in(place.root());
  record_messages(*recorder, 1, 30, 10);
  recorder->append(message_of(31).view());
  auto found = read_all(place.root());
  CAF_CHECK_EQUAL(found.fault, "");
  CAF_CHECK(found.messages().size() >= 30u);
  CAF_CHECK(found.damage.none());
  recorder->close();
  CAF_CHECK_EQUAL(read_all(place.root()).messages().size(), 31u);
}

CAF_TEST(what_is_appended_after_the_end_is_refused_and_counted) {
  scratch place;
  auto recorder = record_in(place.root());
  recorder->close();
  CAF_CHECK(!recorder->append(message_of(1).view()));
  CAF_CHECK_EQUAL(recorder->counts().dropped.records, 1u);
  CAF_CHECK(read_all(place.root()).records.empty());
}

CAF_TEST(a_session_of_a_venue_comes_back_byte_for_byte) {
  auto data = std::getenv("QALPHA_DATA");
  auto file = std::string{data ? data : ""}
              + "/recorded/binance_usdm/btcusdt_20240808.gz";
  if (!data || !fs::exists(file)) {
    CAF_MESSAGE("skipped: no " << file);
    return;
  }
  scratch place;
  auto how = small_blocks();
  how.block_bytes = 256 * 1024;
  how.queue_bytes = 64u << 20;
  auto recorder = record_in(place.root(), how);
  std::vector<std::string> put;
  line_input lines{file};
  while (auto line = lines.next()) {
    auto blank = line->find(' ');
    int64_t time = 0;
    std::from_chars(line->data(), line->data() + blank, time);
    put.emplace_back(line->substr(blank + 1));
    CAF_REQUIRE(
      recorder->append({{time}, raw_kind::message, "public", {}, put.back()}));
  }
  CAF_CHECK(recorder->close() == std::nullopt);
  auto reader = raw_reader::open(place.root());
  CAF_REQUIRE(reader);
  size_t same = 0;
  while (auto record = reader->next())
    same += same < put.size() && record->bytes == put[same] ? 1 : 0;
  CAF_CHECK_EQUAL(put.size(), 93'954u);
  CAF_CHECK_EQUAL(same, put.size());
}
