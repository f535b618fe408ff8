#define CAF_SUITE feature_table

#include "runtime/features/feature_table.hpp"

#include "tests/temporary_folder.hpp"

#include "models/features/pipeline.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <fstream>

using namespace qalpha;

namespace {

struct fixture {
  test::temporary_folder folder;
  feature_plan plan
    = *feature_plan::make({.features = {{"sma", "a", {}, {{"period", 3}}},
                                        {"ema", "b", {}, {{"period", 2}}}}});

  std::string path() const {
    return (folder.path() / "features.csv").string();
  }

  std::string fault_of(const std::string& text) {
    std::ofstream{path(), std::ios::binary} << text;
    auto table = read_feature_table(path(), plan);
    return table ? "none" : table.error().text.substr(path().size() + 2);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(feature_table_tests, fixture)

CAF_TEST(what_was_written_is_read_to_the_bit) {
  market_table market;
  market.interval = std::chrono::minutes{1};
  for (auto i = 0; i < 300; ++i) {
    market.times.push_back(utc_time{1'704'067'200'000'000'000}
                           + std::chrono::minutes{i});
    market.columns[market_column_index("close")].push_back(100.1
                                                           + std::sin(i) / 3);
    market.columns[time_column].push_back(1'704'067'260'000 + 60'000.0 * i);
  }
  {
    std::ofstream out{path(), std::ios::binary};
    write_feature_table(out, plan, market);
  }
  auto table = read_feature_table(path(), plan);
  CAF_REQUIRE(table);
  CAF_CHECK(table->times == market.times);
  std::vector<std::vector<double>> expected(2, std::vector<double>(300));
  std::vector<double*> to{expected[0].data(), expected[1].data()};
  feature_pipeline{plan}.update(plan_sources{plan, market}.data(), to.data(),
                                300);
  for (size_t i = 0; i < 2; ++i)
    for (size_t row = 0; row < 300; ++row) {
      auto is = table->columns[i][row];
      auto should = expected[i][row];
      CAF_CHECK(is == should || (std::isnan(is) && std::isnan(should)));
    }
}

CAF_TEST(a_file_of_other_features_is_refused) {
  CAF_CHECK_EQUAL(fault_of(""), "expected a header, found an empty file");
  CAF_CHECK_EQUAL(fault_of("timestamp,b,a\n"),
                  "row 1, expected the columns timestamp,a,b, found "
                  "\"timestamp\"");
  CAF_CHECK_EQUAL(fault_of("timestamp,a,b\n1704067200000,1\n"),
                  "row 2, expected 3 columns, found 2");
  CAF_CHECK_EQUAL(fault_of("timestamp,a,b\n1704067200000,x,\n"),
                  "row 2, column a: expected a number or nothing, found \"x\"");
  CAF_CHECK_EQUAL(
    fault_of("timestamp,a,b\n1704067200000,1,2\n1704067200000,1,2\n"),
    "row 3, column timestamp: expected a time after the row before");
}

CAF_TEST_FIXTURE_SCOPE_END()
