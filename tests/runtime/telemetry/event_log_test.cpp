#define CAF_SUITE telemetry_event_log

#include "runtime/telemetry/event_log.hpp"

#include "models/machine/json_tree.hpp"
#include "runtime/telemetry/time_text.hpp"

#include "tests/runtime/storage/journal_world.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

/// Parses the lines of a log file.
std::vector<json_value> lines_of(const fs::path& file) {
  std::vector<json_value> result;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);) {
    auto parsed = parse_json(line);
    CAF_REQUIRE(parsed);
    result.push_back(std::move(*parsed));
  }
  return result;
}

} // namespace

CAF_TEST(times_read_like_people_and_logs_expect) {
  CAF_CHECK_EQUAL(format_utc({1'603'440'000'000'000'000}),
                  "2020-10-23 08:00 UTC");
  CAF_CHECK_EQUAL(format_utc({1'603'440'001'500'000'000}),
                  "2020-10-23 08:00:01.500 UTC");
  CAF_CHECK_EQUAL(format_iso({1'603'440'000'000'000'007}),
                  "2020-10-23T08:00:00.000000007Z");
  CAF_CHECK_EQUAL(format_clock({-1}), "23:59:59");
  CAF_CHECK_EQUAL(format_timespan(std::chrono::milliseconds{1500}), "1500ms");
}

CAF_TEST(a_line_is_json_with_its_fields_in_order) {
  log_event event{.level = log_level::warning,
                  .event = "alert",
                  .actor = "watchdog",
                  .symbol = "BTCUSDT",
                  .time = {1},
                  .message = "a \"b\"\n\x1b[31m",
                  .fields = {{"code", "feed_stale"}}};
  auto line = to_log_line(event, {2});
  CAF_CHECK_EQUAL(line.find("{\"ts\": \"1970-01-01T00:00:00.000000002Z\""), 0u);
  for (auto ch : line)
    CAF_CHECK(ch >= ' ');
  auto parsed = parse_json(line);
  // Escaped control characters are legal JSON, but not in our configurations.
  CAF_CHECK(!parsed);
  event.message = "plain";
  parsed = parse_json(to_log_line(event, {2}));
  CAF_REQUIRE(parsed);
  CAF_CHECK_EQUAL(parsed->children.size(), 8u);
  CAF_CHECK_EQUAL(parsed->find("level")->text, "warning");
  CAF_CHECK_EQUAL(parsed->find("code")->text, "feed_stale");
}

CAF_TEST(no_line_is_longer_than_the_bound) {
  for (auto byte : {'x', '\n', '\xff', '"'}) {
    std::string text(100'000, byte);
    log_event event{.event = "incident",
                    .actor = text,
                    .symbol = text,
                    .time = {},
                    .message = text,
                    .fields = {{"a", text}, {"b", text}}};
    CAF_CHECK(to_log_line(event, {1}).size() <= longest_log_line);
  }
}

CAF_TEST(events_below_the_level_are_left_out) {
  scratch place;
  universe instruments{make_instrument(0, "BTCUSDT", 10'000'000, 100'000)};
  auto file = place / "node.log";
  {
    auto log = configure_logging({.level = log_level::warning}, file,
                                 instruments);
    CAF_REQUIRE(log);
    (*log)->show(alert{.time = {5},
                       .level = severity::cleared,
                       .code = "a",
                       .symbol = 0,
                       .text = "over"});
    (*log)->show(alert{.time = {5},
                       .level = severity::page,
                       .code = "a",
                       .symbol = 0,
                       .text = "look"});
    (*log)->report("executor", "broke");
  }
  auto lines = lines_of(file);
  CAF_REQUIRE_EQUAL(lines.size(), 2u);
  CAF_CHECK_EQUAL(lines[0].find("symbol")->text, "BTCUSDT");
  CAF_CHECK_EQUAL(lines[0].find("msg")->text, "look");
  CAF_CHECK_EQUAL(lines[1].find("event")->text, "incident");
}

CAF_TEST(resume_codes_stay_out_of_the_log) {
  scratch place;
  universe instruments{make_instrument(0, "BTCUSDT", 10'000'000, 100'000)};
  auto file = place / "node.log";
  {
    auto log = configure_logging({}, file, instruments);
    CAF_REQUIRE(log);
    (*log)->show(state_changed{.state = trading_state::halted,
                               .time = {5},
                               .source = "operator",
                               .reason = "test",
                               .resume_code = "ABC123"});
  }
  CAF_CHECK(contains(content_of(file), "halted"));
  CAF_CHECK(!contains(content_of(file), "ABC123"));
}

CAF_TEST(a_log_that_cannot_be_opened_is_a_fault) {
  universe instruments{make_instrument(0, "BTCUSDT", 10'000'000, 100'000)};
  auto log = configure_logging({}, "/proc/none/node.log", instruments);
  CAF_CHECK(!log);
  auto none = configure_logging({.file = false}, "/proc/none/node.log",
                                instruments);
  CAF_REQUIRE(none);
  CAF_CHECK(*none == nullptr);
}
