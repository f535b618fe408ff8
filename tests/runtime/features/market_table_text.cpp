#define CAF_SUITE market_table_text

#include "runtime/features/market_table_text.hpp"

#include "tests/models/features/generated_rows.hpp"
#include "tests/temporary_folder.hpp"

#include "runtime/features/fitted_features.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <fstream>

using namespace qalpha;

namespace {

market_table some_market(size_t rows) {
  market_table result;
  auto generated = test::generated_rows(1, rows);
  for (size_t i = 0; i < market_columns.size(); ++i)
    result.columns[i] = generated.columns[i];
  result.interval = std::chrono::minutes{1};
  for (auto close : result.columns[time_column])
    result.times.push_back(utc_time{std::llround(close) * 1'000'000}
                           - result.interval);
  return result;
}

} // namespace

CAF_TEST(rows_are_read_back_to_the_bit) {
  test::temporary_folder folder;
  auto path = (folder.path() / "market.csv").string();
  auto market = some_market(300);
  constexpr auto flow = market_column_index("order_flow_4");
  market.columns[flow][7] = std::nan("");
  market.columns[flow][8] = 1e-9;
  market.columns[flow][9] = -3e21;
  std::ofstream{path, std::ios::binary} << market_table_csv(market);
  auto read = read_market_table(path);
  CAF_REQUIRE(read);
  CAF_CHECK(read->times == market.times);
  for (size_t i = 0; i < market_columns.size(); ++i)
    for (size_t row = 0; row < market.rows(); ++row)
      CAF_REQUIRE(
        test::same_bits(read->columns[i][row], market.columns[i][row]));
}

CAF_TEST(columns_without_a_value_are_left_out) {
  auto market = some_market(3);
  constexpr auto reference = market_column_index("reference");
  market.columns[reference].assign(3, std::nan(""));
  market.columns[market_column_index("index")].clear();
  auto text = market_table_csv(market);
  auto header = text.substr(0, text.find('\n'));
  CAF_CHECK(header.find("reference") == std::string::npos);
  CAF_CHECK(header.find("index") == std::string::npos);
  CAF_CHECK(header.find(",mark,funding_rate,") != std::string::npos);
}

CAF_TEST(weights_are_found_in_rows_that_have_all_flows) {
  auto market = some_market(500);
  auto& depth = market.columns[market_column_index("book_depth")];
  std::fill(depth.begin(), depth.end(), 1.0);
  constexpr auto first = market_column_index("order_flow");
  for (size_t row = 0; row < market.rows(); ++row)
    for (size_t level = 0; level < 10; ++level)
      market.columns[first + level][row] = std::sin(static_cast<double>(row))
                                           * (level < 4 ? 2 : 1);
  market.columns[first + 3][17] = std::nan("");
  auto fitted = fit_integrated_flow(market);
  CAF_REQUIRE(fitted);
  CAF_CHECK_EQUAL(fitted->samples, 499u);
  for (size_t level = 1; level <= 10; ++level) {
    auto found
      = fitted->request.parameters.at("weight_" + std::to_string(level));
    CAF_CHECK(std::abs(found - (level <= 4 ? 2.0 : 1.0) / 14) < 1e-9);
  }
  depth.clear();
  auto none = fit_integrated_flow(market);
  CAF_REQUIRE(!none);
  CAF_CHECK(none.error().text.find("book_depth") != std::string::npos);
}
