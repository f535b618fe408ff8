#define CAF_SUITE cli_spoken_time

#include "runtime/cli/spoken_time.hpp"

#include "runtime/telemetry/time_text.hpp"

#include <caf/test/dsl.hpp>

using namespace qalpha;

namespace {

constexpr int64_t second = 1'000'000'000;

// 2026-01-05 12:00:07 UTC.
constexpr utc_time newest{1'767'614'407 * second};

std::string read(std::string_view text) {
  auto time = parse_spoken_time(text, newest);
  return time ? format_iso(*time) : "wrong";
}

} // namespace

CAF_TEST(a_time_includes_what_was_printed_with_it) {
  CAF_CHECK_EQUAL(read("12:00:07"), "2026-01-05T12:00:07.999999999Z");
  CAF_CHECK_EQUAL(read("12:00"), "2026-01-05T12:00:59.999999999Z");
  CAF_CHECK_EQUAL(read("2026-01-04"), "2026-01-04T23:59:59.999999999Z");
  CAF_CHECK_EQUAL(read("2026-01-04T01:02:03"),
                  "2026-01-04T01:02:03.999999999Z");
  CAF_CHECK_EQUAL(read("2026-01-04 01:02:03.5Z"),
                  "2026-01-04T01:02:03.599999999Z");
  CAF_CHECK_EQUAL(read("2026-01-04T01:02:03.123456789Z"),
                  "2026-01-04T01:02:03.123456789Z");
}

CAF_TEST(a_time_without_a_date_is_the_last_one) {
  CAF_CHECK_EQUAL(read("09:00:00"), "2026-01-05T09:00:00.999999999Z");
  CAF_MESSAGE("market time has gone on since the newest decision");
  CAF_CHECK_EQUAL(read("12:30:00"), "2026-01-05T12:30:00.999999999Z");
  CAF_MESSAGE("this evening has not been yet");
  CAF_CHECK_EQUAL(read("23:50:00"), "2026-01-04T23:50:00.999999999Z");
}

CAF_TEST(anything_else_is_refused_with_an_example) {
  for (auto text : {"", "noon", "1:00:00", "24:00:00", "12:60:00", "12:00:60",
                    "12:00:0", "12:00:00.", "12:00:00x", "2026-02-30",
                    "2026-13-01", "26-01-01", "2026-01-04T", "-1:00:00",
                    "2026-01-04T01:02:03+01:00", "12:00:00.1234567891"})
    CAF_CHECK_EQUAL(read(text), "wrong");
  CAF_CHECK(parse_spoken_time("noon", newest).error().text.find("12:00:41")
            != std::string::npos);
}
