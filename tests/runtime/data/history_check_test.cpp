#define CAF_SUITE data_history_check

#include "runtime/data/history_check.hpp"

#include "runtime/data/history_check_text.hpp"
#include "runtime/data/robust_scale.hpp"
#include "tests/models/random.hpp"
#include "tests/runtime/data/history_world.hpp"

#include <caf/test/dsl.hpp>

#include <rapidjson/document.h>

#include <cmath>

using namespace qalpha;
using namespace qalpha::test;

namespace {

using enum history_problem;

struct fixture {
  scratch place;
  std::string path = (place / "x.csv").string();
  history_check_options options{.interval = {}, .as_of = hours_later(10'000)};

  history_report check(const std::string& text) {
    write_file(path, text);
    return check_history(path, options);
  }

  /// @returns the problems and how often, for example "gap 1 outlier 2".
  std::string found(const std::string& text) {
    auto report = check(text);
    std::string result;
    for (size_t i = 0; i < report.findings.size(); ++i)
      if (auto count = report.findings[i].count; count > 0)
        result += (result.empty() ? "" : " ")
                  + std::string{to_string(static_cast<history_problem>(i))}
                  + " " + std::to_string(count);
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(history_check_tests, fixture)

CAF_TEST(a_sound_file_has_no_findings) {
  auto report = check(bar_lines(0, 48));
  CAF_CHECK(report.passes(true));
  CAF_CHECK_EQUAL(report.rows, 48u);
  CAF_CHECK_EQUAL(report.first, new_year);
  CAF_CHECK_EQUAL(report.last, hours_later(47));
  CAF_CHECK_EQUAL(report.interval.count(), hour_ns);
  CAF_CHECK_EQUAL(report.sha256.size(), 64u);
}

CAF_TEST(every_problem_is_named_and_counted) {
  CAF_CHECK_EQUAL(found(""), "unreadable 1");
  CAF_CHECK_EQUAL(found("timestamp,open\n1,2\n"), "unreadable 1");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + "1704085200000,1,2\n"),
                  "malformed 1");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + "1704085200,1,2,1,1,1\n"),
                  "malformed 1");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + bar_line(5, "1,nan,1,1,1")),
                  "not_a_number 1");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + bar_line(5, "1,inf,1,1,")),
                  "not_a_number 1");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + bar_line(5, "1,1,-1,1,1")),
                  "not_positive 1");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + bar_line(5, "1,1,0,1,1")),
                  "not_positive 1");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + bar_line(5, "1,1,1,1,-1")),
                  "not_positive 1");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + bar_line(5, "1,2,1,3,1")),
                  "bad_ohlc 1");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + bar_line(5, "1e300,1,1,3,1")),
                  "malformed 1");
  CAF_CHECK_EQUAL(found(bar_lines(3, 9) + bar_lines(0, 3)), "unsorted 1");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + bar_line(4)), "duplicate 1");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + bar_line(4, "10,11,9,10.5,3")),
                  "conflict 1");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + "1704083000000,10,11,9,10.5,2\n"),
                  "overlap 1");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + bar_lines(8, 10)), "gap 1");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + "1704087000000,10,11,9,10.5,2\n"),
                  "gap 1 off_grid 1");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + bar_line(5, "10,11,9,10.5,0")),
                  "zero_volume 1");
}

CAF_TEST(only_what_makes_numbers_meaningless_fails) {
  auto gaps = check(bar_lines(0, 5) + bar_lines(8, 10));
  CAF_CHECK(gaps.passes());
  CAF_CHECK(!gaps.passes(true));
  CAF_CHECK_EQUAL(gaps.missing_bars, 3u);
  CAF_CHECK(!check(bar_lines(0, 5) + bar_line(4)).passes());
}

CAF_TEST(a_bar_that_was_open_when_the_file_was_written_fails) {
  options.as_of = hours_later(5);
  CAF_CHECK_EQUAL(found(bar_lines(0, 5)), "");
  options.as_of = {hours_later(5).ns - 1};
  CAF_CHECK_EQUAL(found(bar_lines(0, 5)), "unfinished 1");
  CAF_MESSAGE("a far future overflows nothing");
  CAF_CHECK_EQUAL(found(bar_lines(0, 5) + "9223372036853,10,11,9,10,1\n"),
                  "unfinished 1 gap 1 off_grid 1");
}

CAF_TEST(one_bar_needs_its_interval) {
  CAF_CHECK_EQUAL(found(bar_line(0)), "unreadable 1");
  options.interval = timespan{hour_ns};
  CAF_CHECK_EQUAL(found(bar_line(0)), "");
}

CAF_TEST(another_interval_than_asked_for_is_noticed) {
  options.interval = timespan{2 * hour_ns};
  CAF_CHECK_EQUAL(found(bar_lines(0, 5)), "overlap 4");
  options.interval = timespan{hour_ns / 2};
  CAF_CHECK_EQUAL(found(bar_lines(0, 5)), "gap 4");
}

CAF_TEST(a_spike_is_an_outlier_and_a_restless_market_is_not) {
  std::mt19937_64 random{7};
  std::normal_distribution<double> step{0, 0.01};
  std::string calm;
  double close = 100;
  for (int i = 0; i < 500; ++i) {
    close *= std::exp(step(random));
    auto px = std::to_string(i == 250 ? close * 2 : close);
    calm += bar_line(i, px + "," + px + "," + px + "," + px + ",1");
  }
  CAF_CHECK_EQUAL(found(calm), "outlier 2");
  options.outlier_z = 100;
  CAF_CHECK_EQUAL(found(calm), "");
}

CAF_TEST(the_scale_of_numbers_ignores_a_few_of_them) {
  CAF_CHECK(!robust_scale({}));
  CAF_CHECK(!robust_scale({3, 3, 3}));
  auto scale = robust_scale({1, 2, 3, 4, 1e9});
  CAF_REQUIRE(scale);
  CAF_CHECK_EQUAL(scale->center, 3);
  CAF_CHECK(std::abs(scale->width - 1.4826) < 1e-9);
  CAF_CHECK(std::abs(robust_scale({4, 1, 2, 3})->center - 2.5) < 1e-12);
  CAF_MESSAGE("most are equal: the mean distance is all there is");
  CAF_CHECK(std::abs(robust_scale({0, 0, 0, 4})->width - 1.2533) < 1e-9);
}

CAF_TEST(reports_name_places_for_people_and_programs) {
  auto report = check(bar_lines(0, 5) + bar_line(4) + bar_lines(8, 9));
  auto text = report_text(report, false);
  CAF_CHECK(text.find("FAILED  6 bars of 1h, 2024-01-01 00:00 UTC to ")
            != text.npos);
  CAF_CHECK(text.find("FAIL duplicate") != text.npos);
  CAF_CHECK(text.find("rows 5 and 6") != text.npos);
  CAF_CHECK(text.find("warn gap") != text.npos);
  rapidjson::Document json;
  json.Parse(report_json(report, false).c_str());
  CAF_REQUIRE(json.IsObject());
  CAF_CHECK(!json["ok"].GetBool());
  CAF_CHECK_EQUAL(json["missing_bars"].GetInt(), 3);
  CAF_CHECK_EQUAL(json["findings"]["duplicate"]["count"].GetInt(), 1);
  json.Parse(report_json(check(""), false).c_str());
  CAF_CHECK(json["first_ms"].IsNull());
}

CAF_TEST(recorded_gaps_are_found) {
  auto root = recorded_histories();
  if (!root) {
    CAF_MESSAGE("no market data here, nothing to do");
    return;
  }
  options.as_of = hours_later(100'000);
  auto folder = *root / "binance_spot_1h_long";
  auto btc = check_history(
    (folder / "BTCUSDT_binance_spot_1h_2017-08_2025-12.csv.gz").string(),
    options);
  CAF_CHECK(btc.passes());
  CAF_CHECK_EQUAL(btc.rows, 72'673u);
  CAF_CHECK_EQUAL(btc[gap].count, 11u);
  CAF_CHECK_EQUAL(btc.missing_bars, 23u);
  CAF_CHECK_EQUAL(btc[zero_volume].count, 118u);
  auto eth = check_history(
    (folder / "ETHUSDT_binance_spot_1h_2021-04_2025-12.csv.gz").string(),
    options);
  CAF_CHECK(eth.passes());
  CAF_CHECK_EQUAL(eth.rows, 40'845u);
  CAF_CHECK_EQUAL(eth[gap].count, 5u);
  CAF_CHECK_EQUAL(eth.missing_bars, 12u);
  auto funding = check_history(
    (*root / "funding/FUNDING_binance_usdm_2021_2025_fragments.csv.gz")
      .string(),
    options);
  CAF_CHECK_EQUAL(funding[unreadable].count, 1u);
}

CAF_TEST(mutated_files_are_judged_without_harm) {
  dice roll;
  auto sound = bar_lines(0, 30);
  for (int i = 0; i < 300; ++i) {
    auto text = sound;
    for (int k = 0; k < 4; ++k)
      text[roll(0, static_cast<int64_t>(text.size()) - 1)]
        = static_cast<char>(roll(0, 255));
    auto report = check(text);
    CAF_REQUIRE(report.rows <= 60);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
