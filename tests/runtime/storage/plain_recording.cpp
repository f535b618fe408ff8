#define CAF_SUITE storage_plain_recording

#include "runtime/storage/raw/plain_recording.hpp"
#include "tests/runtime/storage/raw_world.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

std::string fault_of_line(const std::string& line) {
  scratch place;
  put_file(place / "a", line);
  plain_recording from{{place / "a"}, "BTCUSDT"};
  while (from.next()) {
    // nop
  }
  return from.error() ? from.error()->text : std::string{};
}

} // namespace

CAF_TEST(lines_with_nanoseconds_are_messages_and_snapshots_are_answers) {
  scratch place;
  put_file(place / "a", "1723161255030314667 {\"e\":\"trade\"}\n"
                        "1723161255319702566 {\"lastUpdateId\":1}\n");
  plain_recording from{{place / "a"}, "BTCUSDT"};
  auto first = from.next();
  CAF_REQUIRE(first);
  CAF_CHECK(*first
            == (raw_record{{1'723'161'255'030'314'667},
                           raw_kind::message,
                           "recorded",
                           {},
                           R"({"e":"trade"})"}));
  auto second = from.next();
  CAF_REQUIRE(second);
  CAF_CHECK(second->kind == raw_kind::rest_answer);
  CAF_CHECK_EQUAL(second->target, "/fapi/v1/depth?symbol=BTCUSDT");
  CAF_CHECK_EQUAL(second->bytes, R"({"lastUpdateId":1})");
  CAF_CHECK(!from.next());
  CAF_CHECK(!from.error());
}

CAF_TEST(files_of_one_session_are_read_in_the_order_of_time) {
  scratch place;
  put_file(place / "ws", "wss://h/stream?streams=a@b <-> 100.5\n"
                         "101.25: {\"n\":1}\n"
                         "103: {\"n\":3}\n");
  put_file(place / "http", "https://h/fapi/v1/depth?symbol=A -> 102.0000001: "
                           "{\"n\":2}\n\n");
  plain_recording from{{place / "http", place / "ws"}, ""};
  std::vector<kept_record> found;
  while (auto record = from.next())
    found.push_back(keep(0, *record));
  CAF_CHECK(!from.error());
  CAF_REQUIRE_EQUAL(found.size(), 4u);
  CAF_CHECK(found[0].kind == raw_kind::connected);
  CAF_CHECK(found[0].received == utc_time{100'500'000'000});
  CAF_CHECK_EQUAL(found[1].bytes, R"({"n":1})");
  CAF_CHECK(found[2].kind == raw_kind::rest_answer);
  CAF_CHECK(found[2].received == utc_time{102'000'000'100});
  CAF_CHECK_EQUAL(found[2].target, "/fapi/v1/depth?symbol=A");
  CAF_CHECK_EQUAL(found[2].bytes, R"({"n":2})");
  CAF_CHECK_EQUAL(found[3].bytes, R"({"n":3})");
}

CAF_TEST(a_line_of_neither_layout_ends_the_import_with_its_number) {
  for (auto line : {"x", "{\"e\":1}", "12 {}", "-5: {}", "1e9: {}",
                    "99999999999999999999 {}", "wss://h <- 1",
                    "https://h 1: {}", "1.2.3: {}"}) {
    auto text = fault_of_line("100: {}\n" + std::string{line} + "\n");
    CAF_CHECK(contains(text, ": line 2: expected a time and a message"));
  }
  CAF_CHECK(contains(fault_of_line(std::string(1u << 20, 'x')), "at most"));
  plain_recording missing{{"/nowhere/at/all"}, ""};
  CAF_CHECK(!missing.next());
  CAF_REQUIRE(missing.error());
  CAF_CHECK_EQUAL(missing.error()->text, "/nowhere/at/all: no such file");
}

CAF_TEST(an_imported_session_is_a_raw_recording) {
  scratch place;
  put_file(place / "a", "100: {\"n\":1}\n101: {\"n\":2}\n");
  auto recorder = record_in(place / "raw");
  auto done = import_plain_recording({place / "a"}, "", *recorder);
  CAF_REQUIRE(done);
  CAF_CHECK_EQUAL(done->records, 2u);
  CAF_CHECK_EQUAL(done->bytes, 14u);
  CAF_CHECK(recorder->close() == std::nullopt);
  auto found = read_all(place / "raw");
  CAF_REQUIRE_EQUAL(found.records.size(), 2u);
  CAF_CHECK_EQUAL(found.records[1].bytes, R"({"n":2})");
}
