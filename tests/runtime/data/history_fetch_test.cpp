#define CAF_SUITE data_history_fetch

#include "runtime/data/archive_plan.hpp"
#include "runtime/data/kline_rest.hpp"
#include "runtime/data/progress_line.hpp"
#include "runtime/data/web_access.hpp"
#include "tests/models/random.hpp"
#include "tests/runtime/data/history_world.hpp"

#include <caf/test/dsl.hpp>

#include <deque>
#include <sstream>

using namespace qalpha;
using namespace qalpha::test;
using namespace std::chrono_literals;

namespace {

/// A server that says what it is told to, and a wait that takes no time.
struct scripted_server {
  std::deque<fallible<http_response>> answers;
  std::vector<std::string> asked;
  std::vector<std::chrono::milliseconds> waits;
  web_access web;

  scripted_server() {
    web.name = "https://venue";
    web.get = [this](std::string_view target, const http_options&) {
      asked.emplace_back(target);
      CAF_REQUIRE(!answers.empty());
      auto result = answers.front();
      answers.pop_front();
      return result;
    };
    web.wait = [this](std::chrono::milliseconds x) { waits.push_back(x); };
  }

  void say(unsigned status, std::string body = {},
           std::vector<http_header> headers = {}) {
    http_response answer;
    answer.status = status;
    answer.headers = std::move(headers);
    answer.body = std::move(body);
    answers.push_back(std::move(answer));
  }
};

std::string kline(int64_t hours, const std::string& close = "10.5") {
  return "[" + std::to_string(hours_later(hours).ns / 1'000'000)
         + R"(,"10","11","9",")" + close + R"(","2.5",1,"1",1,"1","1","0"])";
}

/// @returns the value, or the text of the fault after "no: ".
std::string text_of(const fallible<std::string>& x) {
  return x ? *x : "no: " + x.error().text;
}

archive_series hourly(std::string symbol = "BTCUSDT") {
  return {archive_market::usdm, archive_kind::trades, std::move(symbol), "1h",
          timespan{hour_ns}};
}

} // namespace

CAF_TEST(paths_of_the_archive_are_as_published) {
  auto series = hourly();
  CAF_CHECK_EQUAL(
    archive_path(series, "2024-01", true),
    "/data/futures/um/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01.zip");
  series.kind = archive_kind::mark_price;
  CAF_CHECK_EQUAL(archive_path(series, "2024-01-05", false),
                  "/data/futures/um/daily/markPriceKlines/BTCUSDT/1h/"
                  "BTCUSDT-1h-2024-01-05.zip");
  series.kind = archive_kind::trades;
  series.market = archive_market::spot;
  CAF_CHECK_EQUAL(
    archive_path(series, "2024-01", true),
    "/data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01.zip");
}

CAF_TEST(months_and_days_follow_the_calendar) {
  auto from = parse_calendar("2023-12-31");
  auto to = parse_calendar("2024-02");
  CAF_REQUIRE(from);
  CAF_REQUIRE(to);
  auto months = months_of(from->begin, to->end);
  CAF_REQUIRE_EQUAL(months.size(), 3u);
  CAF_CHECK_EQUAL(months[0].name, "2023-12");
  CAF_CHECK_EQUAL(months[1].begin, new_year);
  CAF_CHECK_EQUAL(months[2].end, hours_later(60 * 24)); // a leap year
  auto days = days_of(to->begin, to->end);
  CAF_REQUIRE_EQUAL(days.size(), 29u);
  CAF_CHECK_EQUAL(days.back().name, "2024-02-29");
  for (auto text :
       {"", "2024", "2024-1", "2024-13", "2024-00", "2023-02-29", "2024-01-32",
        "2024/01", "-024-01", "1970-01", "2024-01-1", "2024-01x05"})
    CAF_CHECK(!parse_calendar(text));
}

CAF_TEST(symbols_cannot_leave_their_directory) {
  CAF_CHECK_EQUAL(text_of(archive_symbol("btcusdt")), "BTCUSDT");
  CAF_CHECK_EQUAL(text_of(archive_symbol("BTCUSDT_240329")), "BTCUSDT_240329");
  for (auto text : {"", "..", "a/b", "A B", "A?b", "A%2e", "\n"})
    CAF_CHECK(!archive_symbol(text));
  CAF_CHECK(!archive_symbol(std::string(41, 'A')));
}

CAF_TEST(checksums_name_their_file) {
  auto sum = std::string(64, 'a');
  CAF_CHECK_EQUAL(text_of(parse_checksum(sum + "  x.zip\n", "x.zip")), sum);
  CAF_CHECK_EQUAL(
    text_of(parse_checksum(std::string(64, 'A') + " *x.zip", "x.zip")), sum);
  for (auto& text :
       {sum, sum + "  y.zip", sum + "x.zip", sum.substr(1) + "  x.zip",
        std::string(64, 'g') + "  x.zip", std::string{}, sum + "  "})
    CAF_CHECK(!parse_checksum(text, "x.zip"));
}

CAF_TEST(klines_are_exact_bars_or_refused) {
  auto rows = parse_klines("[" + kline(0) + "," + kline(1, "1.05e1") + "]");
  CAF_REQUIRE(rows);
  CAF_REQUIRE_EQUAL(rows->size(), 2u);
  CAF_CHECK_EQUAL(rows->front().open_time, new_year);
  CAF_CHECK_EQUAL(rows->front().close_e8, 1'050'000'000);
  CAF_CHECK(rows->front().volume_e8 == 250'000'000);
  CAF_CHECK_EQUAL(rows->back().close_e8, 1'050'000'000);
  auto none = parse_klines("[]");
  CAF_CHECK(none && none->empty());
  for (auto& text : {std::string{}, std::string{"{}"}, std::string{"[1]"},
                     std::string{"[[]]"}, std::string{"[[1704067200000]]"},
                     "[" + kline(0, "nan") + "]", "[" + kline(0, "12") + "]",
                     "[" + kline(0, "10,9") + "]", "[" + kline(0, "-1") + "]",
                     "[" + kline(0, "") + "]", "[" + kline(0),
                     "[" + kline(0) + "]x", std::string(100'000, '[')})
    CAF_CHECK(!parse_klines(text));
}

CAF_TEST(mutated_klines_are_bars_or_faults) {
  dice roll;
  auto sound = "[" + kline(0) + "," + kline(1) + "]";
  for (int i = 0; i < 2'000; ++i) {
    auto text = sound;
    for (int k = 0; k < 2; ++k)
      text[static_cast<size_t>(roll(0, static_cast<int64_t>(text.size()) - 1))]
        = static_cast<char>(roll(0, 255));
    if (auto rows = parse_klines(text))
      for (const auto& row : *rows)
        CAF_REQUIRE(row.low_e8 > 0 && row.low_e8 <= row.high_e8);
  }
}

CAF_TEST(klines_are_asked_for_page_by_page) {
  scripted_server server;
  std::string full;
  for (int64_t i = 0; i < 1'500; ++i)
    full += (i == 0 ? "[" : ",") + kline(i);
  server.say(200, full + "]", {{"X-MBX-USED-WEIGHT-1M", "2000"}});
  server.say(200, "[" + kline(1'500) + "]");
  kline_source source{server.web};
  auto rows = source.bars(hourly(), new_year, hours_later(1'501));
  CAF_REQUIRE(rows);
  CAF_CHECK_EQUAL(rows->size(), 1'501u);
  CAF_REQUIRE_EQUAL(server.asked.size(), 2u);
  CAF_CHECK_EQUAL(server.asked[0],
                  "/fapi/v1/klines?symbol=BTCUSDT&interval=1h&startTime="
                  "1704067200000&endTime=1709470799999&limit=1500");
  CAF_CHECK(server.asked[1].find("startTime=1709463600001")
            != std::string::npos);
  CAF_MESSAGE("near the limit of weight there is a pause");
  CAF_CHECK_EQUAL(server.waits.size(), 1u);
}

CAF_TEST(a_server_that_says_the_same_again_does_not_hold_us) {
  scripted_server server;
  std::string full;
  for (int64_t i = 0; i < 1'500; ++i)
    full += (i == 0 ? "[" : ",") + kline(i);
  server.say(200, full + "]");
  server.say(200, full + "]");
  kline_source source{server.web};
  CAF_CHECK(!source.bars(hourly(), new_year, hours_later(5'000)));
  CAF_CHECK(source.content_is_wrong());
}

CAF_TEST(patience_has_an_end) {
  scripted_server server;
  server.say(503);
  server.answers.push_back(fault{"venue: connect: timeout"});
  server.say(429, {}, {{"Retry-After", "30"}});
  server.say(200, "done");
  auto answer = ask_patiently(server.web, "/x");
  CAF_REQUIRE(answer);
  CAF_CHECK_EQUAL(answer->body, "done");
  CAF_CHECK(server.waits
            == (std::vector<std::chrono::milliseconds>{1s, 2s, 30s}));
  CAF_MESSAGE("four tries, then the last reason");
  for (int i = 0; i < 4; ++i)
    server.say(500);
  auto last = ask_patiently(server.web, "/x");
  CAF_REQUIRE(!last);
  CAF_CHECK_EQUAL(last.error().text, "https://venue: HTTP 500");
  CAF_MESSAGE("a ban is not answered with another request");
  server.asked.clear();
  server.say(418, {}, {{"Retry-After", "120"}});
  CAF_CHECK(!ask_patiently(server.web, "/x"));
  CAF_CHECK_EQUAL(server.asked.size(), 1u);
  CAF_MESSAGE("nor is a wait of an hour waited for");
  server.say(429, {}, {{"Retry-After", "3600"}});
  auto late = ask_patiently(server.web, "/x");
  CAF_REQUIRE(!late);
  CAF_CHECK(late.error().text.find("3600") != std::string::npos);
}

CAF_TEST(server_time_is_read_or_refused) {
  scripted_server server;
  kline_source source{server.web};
  server.say(200, R"({"serverTime": 1704067200000})");
  auto time = source.time(archive_market::usdm);
  CAF_REQUIRE(time);
  CAF_CHECK_EQUAL(*time, new_year);
  for (auto text :
       {"", "{}", "[]", R"({"serverTime": "1"})", R"({"serverTime": -5})",
        R"({"serverTime": 9223372036854775807})"}) {
    server.say(200, text);
    CAF_CHECK(!source.time(archive_market::spot));
  }
  CAF_CHECK_EQUAL(server.asked.back(), "/api/v3/time");
}

CAF_TEST(progress_is_a_bar_on_a_terminal_and_lines_elsewhere) {
  std::ostringstream log;
  {
    progress_line plain{log, false};
    plain.on_plan(2);
    plain.on_step("a.zip");
    plain.on_bytes({500, 1000});
    plain.on_done("verified");
  }
  CAF_CHECK_EQUAL(log.str(), "a.zip: verified\n");
  std::ostringstream screen;
  progress_line::clock::time_point now;
  {
    progress_line bar{screen, true, [&] { return now; }};
    bar.on_plan(2);
    bar.on_step("a.zip");
    now += 2s;
    CAF_MESSAGE("what was here already counts for the share, not for the rate");
    bar.on_bytes({1'000'000, 4'000'000});
    now += 2s;
    bar.on_bytes({3'000'000, 4'000'000});
    CAF_CHECK(screen.str().find("[#########...............]  38 %  500.0 kB/s  "
                                "ETA 0:07  a.zip")
              != std::string::npos);
  }
  CAF_CHECK(screen.str().ends_with("\r\x1b[K"));
}
