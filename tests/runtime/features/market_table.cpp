#define CAF_SUITE market_table

#include "runtime/features/market_table.hpp"

#include "tests/temporary_folder.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <fstream>

using namespace qalpha;

namespace {

struct fixture {
  fallible<market_table> read(const std::string& text,
                              std::optional<timespan> interval = std::nullopt) {
    auto path = folder.path() / "x.csv";
    std::ofstream{path, std::ios::binary} << text;
    return read_market_table(path.string(), interval);
  }

  /// Behind the name of the file.
  std::string fault_of(const std::string& text) {
    auto table = read(text);
    if (table)
      return "none";
    auto at = table.error().text.find("x.csv: ");
    return table.error().text.substr(at + 7);
  }

  test::temporary_folder folder;
};

const std::vector<double>& column(const market_table& table,
                                  std::string_view name) {
  return table.columns[market_column_index(name)];
}

constexpr auto t0 = "1704067200000";
constexpr auto t1 = "1704067260000";

} // namespace

CAF_TEST_FIXTURE_SCOPE(market_table_tests, fixture)

CAF_TEST(columns_are_found_by_name) {
  auto table = read("close,note,ts,count,funding_rate\n"
                    "10.5,hello,1704067200000,7,-0.0001\n"
                    "11,,1704067260000,8,1e-4\n");
  CAF_REQUIRE(table);
  CAF_CHECK_EQUAL(table->rows(), 2u);
  CAF_CHECK(column(*table, "close") == (std::vector{10.5, 11.0}));
  CAF_CHECK(column(*table, "trade_count") == (std::vector{7.0, 8.0}));
  CAF_CHECK(column(*table, "funding_rate") == (std::vector{-0.0001, 0.0001}));
  CAF_CHECK(column(*table, "open").empty());
  // A row is stamped with its opening, and known when it closes.
  CAF_CHECK(column(*table, "time")
            == (std::vector{1704067260000.0, 1704067320000.0}));
  CAF_CHECK_EQUAL(table->times[0].ns, 1'704'067'200'000'000'000);
  CAF_CHECK(table->interval == std::chrono::minutes{1});
}

CAF_TEST(a_file_without_header_is_one_of_the_archive) {
  auto row = [](auto time) {
    return std::string{time}
           + ",10,12,9,11,5,1704067259999,55.5,42,2.5,27.7,0\n";
  };
  auto table = read(row(t0) + row(t1));
  CAF_REQUIRE(table);
  CAF_CHECK_EQUAL(column(*table, "open")[1], 10);
  CAF_CHECK_EQUAL(column(*table, "high")[1], 12);
  CAF_CHECK_EQUAL(column(*table, "low")[1], 9);
  CAF_CHECK_EQUAL(column(*table, "close")[1], 11);
  CAF_CHECK_EQUAL(column(*table, "volume")[1], 5);
  CAF_CHECK_EQUAL(column(*table, "quote_volume")[1], 55.5);
  CAF_CHECK_EQUAL(column(*table, "trade_count")[1], 42);
  CAF_CHECK_EQUAL(column(*table, "taker_buy_volume")[1], 2.5);
}

CAF_TEST(what_is_no_value_is_absent) {
  auto table = read("ts,close,volume\n1704067200000,,nan\n"
                    "1704067260000,inf,\n");
  CAF_REQUIRE(table);
  CAF_CHECK(std::isnan(column(*table, "close")[0]));
  CAF_CHECK(std::isinf(column(*table, "close")[1]));
  CAF_CHECK(std::isnan(column(*table, "volume")[0]));
  CAF_CHECK(std::isnan(column(*table, "volume")[1]));
}

CAF_TEST(gaps_are_counted) {
  std::string text = "ts,close\n";
  for (auto minute : {0, 1, 2, 5, 6, 10})
    text += std::to_string(1'704'067'200'000 + minute * 60'000) + ",1\n";
  auto table = read(text);
  CAF_REQUIRE(table);
  CAF_CHECK_EQUAL(table->gaps, 2u);
  CAF_CHECK_EQUAL(table->missing_bars, 5u);
}

CAF_TEST(faults_name_row_and_column) {
  std::string good = std::string{"ts,close\n"} + t0 + ",1\n";
  CAF_CHECK_EQUAL(fault_of(""), "expected rows of bars, found none");
  CAF_CHECK_EQUAL(fault_of("ts,close\n"), "expected rows of bars, found none");
  CAF_CHECK_EQUAL(fault_of("close,open\n1,2\n"),
                  "row 1, expected a column timestamp, found none");
  CAF_CHECK_EQUAL(fault_of("ts,close,close\n"),
                  "row 1, column close: expected once, found twice");
  CAF_CHECK_EQUAL(fault_of(good + t1 + ",1x\n"),
                  "row 3, column close: expected a number or nothing, found "
                  "\"1x\"");
  CAF_CHECK_EQUAL(fault_of(good + t1 + "\n"),
                  "row 3, expected 2 columns, found 1");
  CAF_CHECK_EQUAL(
    fault_of(good + "soon,1\n"),
    "row 3, column timestamp: expected a time as a positive whole "
    "number, found \"soon\"");
  CAF_CHECK_EQUAL(fault_of(good + t0 + ",1\n"),
                  "row 3, column timestamp: expected a time after 2024-01-01 "
                  "00:00 UTC, found the same time again");
  CAF_CHECK_EQUAL(fault_of(good + "1704067140000,1\n"),
                  "row 3, column timestamp: expected a time after 2024-01-01 "
                  "00:00 UTC, found the earlier 2023-12-31 23:59 UTC");
  CAF_CHECK_EQUAL(fault_of(good), "expected at least two rows to tell the "
                                  "interval of the bars, found one; give the "
                                  "interval");
  CAF_CHECK(read(good, std::chrono::minutes{1}));
}

CAF_TEST_FIXTURE_SCOPE_END()
