#define CAF_SUITE data_history_repair

#include "runtime/data/history_repair.hpp"

#include "runtime/data/history_list.hpp"
#include "runtime/storage/bar_history.hpp"
#include "tests/models/random.hpp"
#include "tests/runtime/data/history_world.hpp"

#include <caf/test/dsl.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture {
  scratch place;
  std::vector<std::string> names;
  repair_options options;

  fixture() {
    options.as_of = hours_later(10'000);
  }

  history_rows rows_of(const std::vector<std::string>& texts) {
    history_rows result;
    names.clear();
    for (const auto& text : texts) {
      auto name = std::to_string(names.size()) + ".csv";
      names.push_back((place / name.c_str()).string());
      write_file(names.back(), text);
      auto read = append_rows(result, names.back(),
                              static_cast<uint32_t>(names.size() - 1));
      CAF_REQUIRE(read);
    }
    return result;
  }

  fallible<repaired_history> mend(const std::vector<std::string>& texts) {
    return repair(rows_of(texts), names, options);
  }

  /// @returns whether a repair is refused, and the reason names the option.
  bool refused(const std::vector<std::string>& texts,
               const std::string& option) {
    auto result = mend(texts);
    return !result && result.error().text.find(option) != std::string::npos
           && result.error().text.find('\n') == std::string::npos;
  }
};

std::string csv_of(const std::vector<sourced_row>& rows) {
  std::string result;
  for (const auto& each : rows) {
    append_csv(result, each.row);
    result += '\n';
  }
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(history_repair_tests, fixture)

CAF_TEST(rows_stay_exact) {
  auto rows = rows_of({bar_line(0, "0.00000123,12e-1,1e-8,1.10,"
                                   "1234567890123456.123456789")});
  CAF_REQUIRE_EQUAL(rows.rows.size(), 1u);
  CAF_CHECK_EQUAL(csv_of(rows.rows),
                  "1704067200000,0.00000123,1.2,0.00000001,1.1,"
                  "1234567890123456.12345678\n");
  CAF_MESSAGE("the form that is written is read back the same");
  CAF_CHECK(rows_of({csv_of(rows.rows)}).rows.front().row
            == rows.rows.front().row);
}

CAF_TEST(nothing_is_repaired_that_was_not_allowed) {
  CAF_CHECK(refused({bar_lines(5, 9), bar_lines(0, 5)}, "--sort"));
  CAF_CHECK(refused({bar_lines(0, 5), bar_lines(4, 9)}, "--drop-duplicates"));
  CAF_CHECK(
    refused({bar_lines(0, 5), bar_line(4, "1,1,1,1,1")}, "--keep-last"));
  CAF_CHECK(
    refused({bar_lines(0, 5) + bar_line(5, "1,nan,1,1,1")}, "--drop-bad"));
  CAF_CHECK(
    refused({bar_lines(0, 5) + "1704083000000,1,1,1,1,1\n"}, "--drop-bad"));
  options.as_of = hours_later(4);
  CAF_CHECK(refused({bar_lines(0, 5)}, "--drop-unfinished"));
  CAF_CHECK(refused({bar_line(0)}, "--interval"));
}

CAF_TEST(what_is_allowed_is_done_and_counted) {
  options.sort = options.drop_duplicates = options.keep_last = true;
  options.drop_bad = options.drop_unfinished = true;
  options.as_of = hours_later(8);
  auto mended = mend({bar_lines(3, 10) + bar_line(1, "1,nan,1,1,1"),
                      bar_lines(0, 4) + bar_line(5, "1,1,1,1,1")});
  CAF_REQUIRE(mended);
  CAF_CHECK_EQUAL(csv_of(mended->rows),
                  bar_lines(0, 5) + bar_line(5, "1,1,1,1,1") + bar_lines(6, 8));
  CAF_CHECK(mended->sorted);
  CAF_CHECK_EQUAL(mended->duplicates, 1u);
  CAF_CHECK_EQUAL(mended->replaced, 1u);
  CAF_CHECK_EQUAL(mended->bad_rows, 1u);
  CAF_CHECK_EQUAL(mended->unfinished, 2u);
  CAF_CHECK_EQUAL(to_string(*mended),
                  "8 bars of 1h, 2024-01-01 00:00 UTC to 2024-01-01 07:00 UTC, "
                  "no gaps; duplicates dropped: 1, bars replaced: 1, bad rows "
                  "dropped: 1, unfinished bars dropped: 2, rows sorted");
}

CAF_TEST(gaps_stay_and_are_counted) {
  auto mended = mend({bar_lines(0, 3) + bar_lines(6, 8)});
  CAF_REQUIRE(mended);
  CAF_CHECK_EQUAL(mended->rows.size(), 5u);
  CAF_CHECK_EQUAL(mended->gaps, 1u);
  CAF_CHECK_EQUAL(mended->missing_bars, 3u);
}

CAF_TEST(no_mixture_of_rows_gets_past_the_reader_of_backtests_untrue) {
  dice roll;
  options.sort = options.drop_duplicates = options.keep_last = true;
  options.drop_bad = options.drop_unfinished = true;
  auto rules = make_instrument(0, "X", 1, 100'000'000);
  for (int i = 0; i < 100; ++i) {
    std::string text;
    for (int k = 0; k < 20; ++k)
      text += roll.chance(90) ? bar_line(
                roll(0, 30), "10,11,9,10," + std::to_string(roll(0, 2)))
                              : std::string("1704083000000,1,1,1,1,1\n");
    auto mended = mend({text});
    if (!mended)
      continue;
    auto out = (place / "out.csv.gz").string();
    CAF_REQUIRE(write_history(out, mended->rows));
    auto read = read_bars(out, rules, {.interval = mended->interval});
    CAF_REQUIRE(read);
    CAF_REQUIRE_EQUAL(read->report.gaps, mended->gaps);
    CAF_REQUIRE_EQUAL(read->report.missing_bars, mended->missing_bars);
  }
}

CAF_TEST(equal_rows_make_equal_files) {
  auto rows = rows_of({bar_lines(0, 100)});
  auto first = (place / "a.csv.gz").string();
  auto second = (place / "b.csv.gz").string();
  CAF_REQUIRE(write_history(first, rows.rows));
  CAF_REQUIRE(write_history(second, rows.rows));
  CAF_CHECK(content_of(first) == content_of(second));
  CAF_MESSAGE("a file that cannot be written is a fault and leaves nothing");
  auto wrong = write_history((place / "no/x.csv").string(), rows.rows);
  CAF_REQUIRE(!wrong);
  CAF_CHECK(wrong.error().text.find("cannot be written") != std::string::npos);
}

CAF_TEST(times_between_milliseconds_are_bad_rows) {
  auto rows = rows_of({"1704067200000001,1,1,1,1,1\n"});
  CAF_CHECK_EQUAL(rows.bad_rows, 1u);
  CAF_CHECK(rows.first_bad.find("whole milliseconds") != std::string::npos);
}

CAF_TEST(a_manifest_survives_its_way_to_disk_and_nonsense_is_forgotten) {
  history_entry entry{"a/b \"c\".csv", 5, 7, "A",  3,      {1}, {2},
                      timespan{9},     1, 2, "ff", "1 gap"};
  auto path = (place / "m.json").string();
  CAF_REQUIRE(write_manifest(path, {entry}));
  auto read = read_manifest(path);
  CAF_REQUIRE_EQUAL(read.size(), 1u);
  CAF_CHECK(read.begin()->second == entry);
  auto text = content_of(path);
  CAF_CHECK(read_manifest((place / "none").string()).empty());
  dice roll;
  for (int i = 0; i < 200; ++i) {
    auto mutant = text;
    mutant[static_cast<size_t>(roll(0, static_cast<int64_t>(text.size()) - 1))]
      = static_cast<char>(roll(0, 255));
    write_file(path, mutant);
    CAF_REQUIRE(read_manifest(path).size() <= 1);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
