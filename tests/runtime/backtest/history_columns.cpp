#define CAF_SUITE backtest.history_columns

// Strategies that read columns of a history beside its bars.

#include "models/strategies/symbol_strategy.hpp"
#include "runtime/backtest/engines.hpp"
#include "runtime/backtest/prepare.hpp"
#include "runtime/features/feature_table.hpp"
#include "tests/temporary_folder.hpp"

#include <caf/test/unit_test.hpp>

#include <cstdint>
#include <fstream>
#include <functional>
#include <random>
#include <string>

using namespace qalpha;

namespace {

struct fixture {
  test::temporary_folder folder;
  node_config config;

  fixture() {
    config.mode = run_mode::backtest;
    config.symbols = {{.name = "BTCUSDT",
                       .tick_e8 = 10'000'000,
                       .lot_e8 = 100'000,
                       .min_notional = {},
                       .max_order = {}}};
    config.cash = {10'000 * money::scale};
    config.risk.max_order_notional = {1'000'000 * money::scale};
    config.risk.max_position_notional = config.risk.max_order_notional;
    config.strategy = {"order_flow_momentum",
                       {{"window", 30}, {"entry", 0.5}, {"spread_window", 3}}};
  }

  std::string path() const {
    return (folder.path() / "bars.csv").string();
  }

  /// @param edit may change or empty the cell of a row and column
  void write(const std::string& columns,
             const std::function<std::string(int, std::string)>& edit = {}) {
    std::ofstream out{path()};
    out << "timestamp,open,high,low,close,volume" << columns << '\n';
    std::mt19937_64 random{1};
    int64_t px = 500'000;
    for (int row = 0; row < 600; ++row) {
      auto flow = static_cast<int64_t>(random() % 2'001) - 1'000;
      auto close = px + flow / 20;
      auto cell = [&](int64_t tenths) {
        return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
      };
      out << 1'704'067'200'000 + row * 3'600'000LL << ',' << cell(px) << ','
          << cell(std::max(px, close)) << ',' << cell(std::min(px, close))
          << ',' << cell(close) << ",12.5";
      if (!columns.empty()) {
        // More digits than a tick or a lot has.
        auto text = std::to_string(flow) + ".123456789";
        out << ',' << (edit ? edit(row, text) : text) << ',' << cell(close - 1)
            << ',' << cell(close + 1);
      }
      out << '\n';
      px = close;
    }
    out.close();
    config.data.files["BTCUSDT"] = path();
  }

  backtest_input input() {
    auto prepared = prepare_backtest(config);
    if (!prepared)
      CAF_FAIL(prepared.error().text);
    return std::move(prepared->input);
  }

  static std::vector<feature_reader> readers(const backtest_input& in) {
    auto plan = plan_of(in.strategy, in.bar_interval);
    if (!plan)
      CAF_FAIL(plan.error().text);
    return {{"the strategy " + in.strategy.name, *plan}};
  }

  backtest_input input_with_columns() {
    auto result = input();
    auto columns = read_columns(config, result, readers(result));
    if (!columns)
      CAF_FAIL(columns.error().text);
    result.columns = std::move(*columns);
    return result;
  }

  std::string fault_of_columns() {
    auto in = input();
    auto columns = read_columns(config, in, readers(in));
    return columns ? "none" : columns.error().text;
  }

  backtest_result run(const backtest_input& in, bool actors) {
    auto result = actors ? run_actors(in) : run_fused(in);
    if (!result)
      CAF_FAIL(result.error().text);
    return std::move(*result);
  }

  /// The features as `qalpha features` writes them and a backtest reads them.
  std::vector<feature_table> written_features(const backtest_input& in) {
    auto plan = plan_of(in.strategy, in.bar_interval);
    auto table = read_market_table(path());
    CAF_REQUIRE(plan);
    CAF_REQUIRE(table);
    auto file = (folder.path() / "features.csv").string();
    std::ofstream out{file};
    write_feature_table(out, *plan, *table);
    out.close();
    auto result = read_feature_table(file, *plan);
    CAF_REQUIRE(result);
    return {std::move(*result)};
  }
};

constexpr const char* all_three = ",order_flow,bid,ask";

} // namespace

CAF_TEST_FIXTURE_SCOPE(history_column_tests, fixture)

CAF_TEST(both_engines_and_a_file_of_features_give_one_hash) {
  write(all_three, [](int row, std::string text) {
    return row % 97 == 5 ? std::string{} : text;
  });
  auto in = input_with_columns();
  CAF_REQUIRE_EQUAL(in.columns.size(), 1u);
  auto fused = run(in, false);
  auto actors = run(in, true);
  CAF_CHECK(fused.counts.fills > 10u);
  CAF_CHECK_EQUAL(fused.run_hash, actors.run_hash);
  auto file = input();
  file.features = written_features(file);
  CAF_CHECK_EQUAL(run(file, false).run_hash, fused.run_hash);
  CAF_CHECK_EQUAL(run(file, true).run_hash, fused.run_hash);
}

CAF_TEST(an_empty_cell_is_no_zero) {
  write(all_three);
  auto whole = run(input_with_columns(), false);
  auto edit = [](const std::string& cell) {
    return [cell](int row, std::string text) {
      return row % 50 == 49 ? cell : text;
    };
  };
  write(all_three, edit(""));
  auto absent = run(input_with_columns(), false);
  write(all_three, edit("0"));
  auto zero = run(input_with_columns(), false);
  CAF_CHECK_NOT_EQUAL(absent.run_hash, whole.run_hash);
  CAF_CHECK_NOT_EQUAL(absent.run_hash, zero.run_hash);
  CAF_MESSAGE("a row of 50 is clean for 19 bars behind the 31 that are not");
  CAF_CHECK(absent.counts.decisions < whole.counts.decisions);
}

CAF_TEST(a_column_that_is_missing_is_named_with_file_and_strategy) {
  write("");
  CAF_CHECK_EQUAL(fault_of_columns(),
                  path()
                    + ": expected the column bid, which the strategy "
                      "order_flow_momentum reads, found none");
  auto result = run_fused(input());
  CAF_REQUIRE(!result);
  CAF_CHECK_EQUAL(result.error().text,
                  "order_flow_momentum: reads the column \"bid\", which the "
                  "history of BTCUSDT does not have");
  CAF_CHECK(!run_actors(input()));
}

CAF_TEST(a_cell_that_is_no_number_is_named) {
  write(all_three,
        [](int row, std::string text) { return row == 7 ? "much" : text; });
  CAF_CHECK_EQUAL(fault_of_columns(),
                  path()
                    + ": row 9, column order_flow: expected a number or "
                      "nothing, found \"much\"");
}

CAF_TEST(columns_that_nobody_reads_are_not_looked_at) {
  config.strategy = {"sma_cross", {}};
  write(all_three, [](int, std::string) { return "much"; });
  auto in = input_with_columns();
  CAF_CHECK(in.columns.empty());
  CAF_CHECK_EQUAL(run(in, false).run_hash, run(in, true).run_hash);
}

CAF_TEST_FIXTURE_SCOPE_END()
