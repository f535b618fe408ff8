#define CAF_SUITE storage_bar_history

#include "runtime/storage/bar_history.hpp"

#include "tests/models/random.hpp"
#include "tests/runtime/storage/journal_world.hpp"

#include <caf/test/unit_test.hpp>

#include <cstdlib>

#include <zlib.h>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr std::string_view header = "timestamp,open,high,low,close,volume\n";

/// Three hourly bars from 2020-10-23 08:00.
constexpr std::string_view rows = "1603440000000,10.5,11,10,10.75,1.25\n"
                                  "1603443600000,10.75,12,10.5,11.5,0\n"
                                  "1603447200000,11.5,11.75,11,11.25,3\n";

std::string gzipped(std::string_view text) {
  std::string result(compressBound(text.size()) + 64, '\0');
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(result.data());
  z.avail_out = static_cast<uInt>(result.size());
  deflate(&z, Z_FINISH);
  result.resize(z.total_out);
  deflateEnd(&z);
  return result;
}

/// Reads texts as files of an instrument with ticks of 0.01 and lots of 0.001.
struct fixture {
  scratch place;
  instrument rules = make_instrument(0, "X", 1'000'000, 100'000);
  std::string path = (place / "x.csv").string();

  fallible<bar_file> read(const std::string& text,
                          const bar_file_options& options = {}) {
    write_file(path, text);
    return read_bars(path, rules, options);
  }

  fallible<bar_file> read_rows(std::string_view text) {
    return read(std::string{header} + std::string{text});
  }

  /// @returns the fault without the name of the file.
  std::string fault_of(const std::string& text) {
    auto result = read(text);
    return result ? std::string{"no fault"}
                  : result.error().text.substr(path.size() + 2);
  }

  std::string fault_of_row(const std::string& row) {
    return fault_of(std::string{header} + std::string{rows} + row + "\n");
  }
};

std::string bar_text(int64_t stamp) {
  return std::to_string(stamp) + ",10,11,9,10,1\n";
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(bar_history_tests, fixture)

CAF_TEST(bars_are_exact_and_reported) {
  auto file = read_rows(rows);
  CAF_REQUIRE(file);
  CAF_REQUIRE_EQUAL(file->bars.size(), 3u);
  auto& first = file->bars.front();
  CAF_CHECK_EQUAL(first.open_time.ns, 1'603'440'000'000'000'000);
  CAF_CHECK(first.close_time - first.open_time == std::chrono::hours{1});
  CAF_CHECK_EQUAL(first.open.ticks, 1050);
  CAF_CHECK_EQUAL(first.high.ticks, 1100);
  CAF_CHECK_EQUAL(first.low.ticks, 1000);
  CAF_CHECK_EQUAL(first.close.ticks, 1075);
  CAF_CHECK_EQUAL(first.volume.lots, 1250);
  auto& report = file->report;
  CAF_CHECK_EQUAL(report.rows, 3u);
  CAF_CHECK_EQUAL(report.gaps, 0u);
  CAF_CHECK_EQUAL(report.zero_volume_bars, 1u);
  CAF_CHECK_EQUAL(report.rounded_prices, 0u);
  CAF_CHECK_EQUAL(report.sha256.size(), 64u);
}

CAF_TEST(header_order_blank_lines_and_line_ends_do_not_matter) {
  auto expected = read_rows(rows);
  CAF_REQUIRE(expected);
  for (std::string text :
       {std::string{rows},
        "\xef\xbb\xbf" + std::string{header} + "\n" + std::string{rows}
          + "\n\n",
        std::string{"volume,Close,low, High ,\"open\",x,Open Time,more\n"
                    "1.25,10.75,10,11,10.5,a,1603440000000,b\n"
                    "0,11.5,10.5,12,10.75,,1603443600000,\n"
                    "3,11.25,11,11.75,11.5,,1603447200000\n"}}) {
    auto file = read(text);
    CAF_REQUIRE(file);
    CAF_CHECK(file->bars == expected->bars);
    for (size_t at = text.find('\n'); at != text.npos;
         at = text.find('\n', at + 2))
      text.insert(at, "\r");
    auto windows = read(text);
    CAF_REQUIRE(windows);
    CAF_CHECK(windows->bars == expected->bars);
  }
}

CAF_TEST(compression_is_told_by_content) {
  auto text = std::string{header} + std::string{rows};
  auto plain = read(text);
  auto zipped = read(gzipped(text));
  CAF_REQUIRE(plain);
  CAF_REQUIRE(zipped);
  CAF_CHECK(plain->bars == zipped->bars);
  CAF_CHECK_NOT_EQUAL(plain->report.sha256, zipped->report.sha256);
  CAF_MESSAGE("concatenated members are one file, as for gzip itself");
  auto members = read(gzipped(header) + gzipped(rows));
  CAF_REQUIRE(members);
  CAF_CHECK(members->bars == plain->bars);
}

CAF_TEST(units_of_time_are_told_by_magnitude) {
  for (int64_t unit : {1'000'000'000, 1'000'000, 1'000, 1}) {
    auto t = 1'603'440'000'000'000'000 / unit;
    auto hour = 3'600'000'000'000 / unit;
    auto file = read_rows(bar_text(t) + bar_text(t + hour));
    CAF_REQUIRE(file);
    CAF_CHECK_EQUAL(file->bars[1].open_time.ns, 1'603'443'600'000'000'000);
    CAF_CHECK(file->report.interval == std::chrono::hours{1});
  }
}

CAF_TEST(gaps_are_reported_and_not_filled) {
  std::string text;
  for (int hour : {0, 1, 2, 5, 6, 7, 9, 10})
    text += bar_text(1'603'440'000 + 3600 * hour);
  auto file = read_rows(text);
  CAF_REQUIRE(file);
  CAF_CHECK_EQUAL(file->bars.size(), 8u);
  CAF_CHECK_EQUAL(file->report.gaps, 2u);
  CAF_CHECK_EQUAL(file->report.missing_bars, 3u);
  CAF_REQUIRE_EQUAL(file->report.first_gaps.size(), 2u);
  CAF_CHECK_EQUAL(file->report.first_gaps[0].missing, 2u);
  CAF_CHECK(contains(to_string(file->report), "2 gaps (3 bars missing)"));
}

CAF_TEST(long_fractions_go_to_the_nearest_tick_and_are_counted) {
  auto file = read_rows("1603440000,10.005,10.0149999999999999999,9.99,1e1,"
                        "0.0019999\n"
                        "1603443600,0.1e2,10.00,10.00000000000000000,10,1\n");
  CAF_REQUIRE(file);
  auto& first = file->bars.front();
  CAF_CHECK_EQUAL(first.open.ticks, 1001);
  CAF_CHECK_EQUAL(first.high.ticks, 1001);
  CAF_CHECK_EQUAL(first.close.ticks, 1000);
  CAF_CHECK_EQUAL(first.volume.lots, 1);
  CAF_CHECK_EQUAL(file->report.rounded_prices, 2u);
}

CAF_TEST(numbers_that_are_none_are_named_with_row_and_column) {
  CAF_CHECK_EQUAL(fault_of_row("1603450800000,1,1,1,nan,1"),
                  "row 5, column close: expected a positive decimal number, "
                  "found \"nan\"");
  CAF_CHECK_EQUAL(fault_of_row("1603450800000,1,1,1,1,-1"),
                  "row 5, column volume: expected a decimal number that is not "
                  "negative, found \"-1\"");
  for (auto number :
       {"nan",        "NaN",  "inf",   "-inf",  "-1",
        "0",          "0.0",  "",      " 1",    "1 ",
        "+1",         "0x10", "1e",    "1e400", "abc",
        "1.2.3",      "1;2",  "\"1\"", "0.001", "99999999999999999999",
        "92000000001"})
    CAF_CHECK(contains(
      fault_of_row("1603450800000,1," + std::string{number} + ",1,1,1"),
      "row 5, column high: expected "));
  for (auto time : {"0", "-1", "", "x", "1603450800000.5", "1e12",
                    "99999999999999999999", "9223372036854775808"})
    CAF_CHECK(contains(fault_of_row(std::string{time} + ",1,1,1,1,1"),
                       "row 5, column timestamp: expected "));
}

CAF_TEST(rows_that_are_no_bars_are_refused) {
  CAF_CHECK(contains(fault_of_row("1603450800000,1,1"),
                     "row 5, expected at least 6 columns, found 3"));
  CAF_CHECK(contains(fault_of_row("1603450800000,10,9,11,10,1"),
                     "low <= open, close <= high"));
  CAF_CHECK(contains(fault_of_row("1603450800000,12,11,9,10,1"),
                     "low <= open, close <= high"));
  CAF_CHECK(contains(fault_of_row("1603447200000,1,1,1,1,1"),
                     "found the same time again"));
  CAF_CHECK(contains(fault_of_row("1603443600000,1,1,1,1,1"),
                     "found the earlier 2020-10-23 09:00 UTC"));
  CAF_CHECK(contains(fault_of_row("1603450800,1,1,1,1,1"),
                     "expected milliseconds as in the rows before"));
  CAF_CHECK(contains(fault_of_row("1603449000000,1,1,1,1,1"),
                     "expected to open at 2020-10-23 11:00 UTC or later"));
}

CAF_TEST(files_that_are_no_histories_are_refused) {
  auto missing = read_bars("/nonexistent.csv", rules);
  CAF_CHECK_EQUAL(missing.error().text, "/nonexistent.csv: no such file");
  CAF_CHECK(contains(read_bars(place.root().string(), rules).error().text,
                     "found a directory"));
  CAF_CHECK(
    contains(read_bars("/dev/zero", rules).error().text, "found a device"));
  CAF_CHECK(contains(fault_of(""), "found an empty file"));
  CAF_CHECK(contains(fault_of("\n\n"), "found an empty file"));
  CAF_CHECK(contains(fault_of(std::string{header}), "found none"));
  CAF_CHECK(contains(fault_of("time,open,high,low\n1,1,1,1\n"),
                     "found none called close, volume"));
  CAF_CHECK(contains(fault_of("time,open,open,high,low,close,volume\n"),
                     "column open: expected once, found twice"));
  CAF_CHECK(contains(fault_of(std::string(200'000, '1')),
                     "expected a line of at most"));
  CAF_CHECK(contains(fault_of(bar_text(1'603'440'000)), "found one"));
  CAF_CHECK(contains(
    read(std::string{rows}, {.interval = std::chrono::hours{4}}).error().text,
    "expected bars of 4h, found rows 1h apart"));
  CAF_CHECK(contains(
    read(std::string{rows}, {.interval = {}, .max_rows = 2}).error().text,
    "expected at most 2 rows"));
}

CAF_TEST(damaged_compression_is_refused) {
  auto whole = gzipped(std::string{header} + std::string{rows});
  CAF_CHECK(contains(fault_of(whole.substr(0, whole.size() - 3)), "truncated"));
  CAF_CHECK(contains(fault_of(whole.substr(0, 12)), "truncated"));
  CAF_CHECK(contains(fault_of(whole + "garbage"), "damaged"));
  whole[whole.size() / 2] ^= 0x55;
  CAF_CHECK_NOT_EQUAL(fault_of(whole), "no fault");
}

CAF_TEST(a_bomb_of_compressed_rows_ends_at_the_bound) {
  std::string text{rows};
  std::string zeros(50'000'000, '0');
  CAF_CHECK(contains(fault_of(gzipped(text + zeros)), "line of at most"));
}

CAF_TEST(mutated_files_are_read_or_refused) {
  dice roll;
  std::string whole{header};
  for (int64_t i = 0; i < 40; ++i)
    whole += bar_text(1'603'440'000'000 + i * 3'600'000);
  constexpr std::string_view pieces[]
    = {",", "\n", "\r", ".", "-", "e", "nan", "0", "99999999999", "\"", "\0"};
  for (int i = 0; i < 1'000; ++i) {
    auto text = roll.chance(25) ? gzipped(whole) : whole;
    for (auto changes = roll(1, 4); changes > 0; --changes) {
      auto at
        = static_cast<size_t>(roll(0, static_cast<int64_t>(text.size()) - 1));
      if (roll.chance(50))
        text[at] = static_cast<char>(roll(0, 255));
      else if (roll.chance(50))
        text.insert(at, pieces[roll(0, std::size(pieces) - 1)]);
      else
        text.erase(at, static_cast<size_t>(roll(1, 30)));
      if (text.empty())
        text = " ";
    }
    auto result = read(text);
    if (!result) {
      CAF_REQUIRE(result.error().text.find('\n') == std::string::npos);
      continue;
    }
    for (const auto& x : result->bars)
      CAF_REQUIRE(broken_rule(x) == nullptr);
  }
}

CAF_TEST(recorded_histories_are_exact) {
  auto data = std::getenv("QALPHA_DATA");
  auto root = fs::path{data ? data : "../shared/data"} / "history";
  if (!fs::exists(root)) {
    CAF_MESSAGE("no market data here, nothing to do");
    return;
  }
  auto spot = read_bars((root
                         / "binance_spot_1h_long"
                           "/BTCUSDT_binance_spot_1h_2017-08_2025-12.csv.gz")
                          .string(),
                        rules);
  CAF_REQUIRE(spot);
  CAF_CHECK_EQUAL(spot->report.rows, 72'673u);
  CAF_CHECK_EQUAL(spot->report.gaps, 11u);
  CAF_CHECK_EQUAL(spot->report.missing_bars, 23u);
  CAF_CHECK_EQUAL(spot->report.zero_volume_bars, 118u);
  CAF_CHECK_EQUAL(spot->report.rounded_prices, 0u);
  auto future = read_bars((root / "binance_usdm_1h/BTCUSDT_1h.csv.gz").string(),
                          rules);
  CAF_REQUIRE(future);
  CAF_CHECK_EQUAL(future->report.rows, 31'973u);
  CAF_CHECK_EQUAL(future->report.gaps, 0u);
  CAF_CHECK_EQUAL(future->report.rounded_prices, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
