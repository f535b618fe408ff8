#define CAF_SUITE datasets.training_set

#include "models/datasets/training_set.hpp"

#include "tests/models/datasets/waves.hpp"

#include "models/datasets/scales.hpp"
#include "models/features/pipeline.hpp"

#include <caf/test/unit_test.hpp>

#include <limits>

using namespace qalpha;
using namespace qalpha::test;

namespace {

window_spec small_spec() {
  window_spec result;
  result.features.interval = std::chrono::hours{1};
  result.features.features = {
    {"log_return", "r", {}, {}},
    {"sma", "mean", {}, {{"period", 5}}},
    {"calendar", "when", {}, {}},
  };
  result.lookback = 6;
  result.horizon = 3;
  return result;
}

std::string problem_of(const window_spec& spec,
                       const std::vector<market_rows>& rows) {
  auto set = training_set::make(spec, rows);
  return set ? "" : set.error().text;
}

std::vector<double>& column(market_rows& rows, const char* name) {
  return rows.columns[market_column_index(name)];
}

} // namespace

CAF_TEST(whole_bars_are_kept_if_they_are_asked_for) {
  std::vector<market_rows> rows{walk_rows("A", 60, 1)};
  auto spec = small_spec();
  auto plain = training_set::make(spec, rows);
  CAF_REQUIRE(plain);
  CAF_CHECK(plain->series()[0].lows.empty());
  spec.whole_bars = true;
  auto whole = training_set::make(spec, rows);
  CAF_REQUIRE(whole);
  CAF_CHECK(whole->series()[0].opens == column(rows[0], "open"));
  CAF_CHECK(whole->series()[0].highs == column(rows[0], "high"));
  CAF_CHECK(whole->series()[0].lows == column(rows[0], "low"));
  CAF_MESSAGE("they are data, of which the hash is");
  column(rows[0], "low")[30] *= 0.99;
  CAF_CHECK_NOT_EQUAL(training_set::make(spec, rows)->data_hash(),
                      whole->data_hash());
  column(rows[0], "low").clear();
  CAF_CHECK_EQUAL(problem_of(spec, rows),
                  "A: column low: expected 60 values, found 0");
}

CAF_TEST(windows_hold_what_the_pipeline_gives_and_what_came_after) {
  std::vector<market_rows> rows{walk_rows("A", 60, 1)};
  auto set = training_set::make(small_spec(), rows);
  CAF_REQUIRE(set);
  // Four rows warm up, six are looked back on, three are ahead.
  CAF_REQUIRE_EQUAL(set->windows().size(), 60u - 4 - 5 - 3);
  CAF_CHECK_EQUAL(set->windows().front().row, 9u);
  auto plan = feature_plan::make(small_spec().features);
  CAF_CHECK_EQUAL(set->plan().schema_hash, plan->schema_hash);
  auto window = set->windows()[7];
  auto past = set->past(window);
  CAF_REQUIRE_EQUAL(past.size(), 6u * 6);
  const auto& closes = column(rows[0], "close");
  for (size_t back = 0; back < 6; ++back) {
    auto row = window.row - back;
    auto values = past.subspan((5 - back) * 6, 6);
    CAF_CHECK(std::abs(values[0] - std::log(closes[row] / closes[row - 1]))
              < 1e-12);
  }
  CAF_CHECK_EQUAL(set->target(window, 3),
                  std::log(closes[window.row + 3] / closes[window.row]));
}

CAF_TEST(columns_of_the_calendar_are_known_beforehand) {
  auto set = training_set::make(small_spec(),
                                std::vector{walk_rows("A", 60, 1)});
  CAF_REQUIRE(set);
  auto names = set->known_names();
  CAF_CHECK_EQUAL(names,
                  (std::vector<std::string>{"when.day_sin", "when.day_cos",
                                            "when.week_sin", "when.week_cos"}));
}

CAF_TEST(no_window_crosses_a_gap_or_a_wrong_value) {
  auto rows = walk_rows("A", 300, 2);
  for (auto& values : rows.columns)
    if (!values.empty())
      values.erase(values.begin() + 150);
  column(rows, "close")[220] = std::numeric_limits<double>::quiet_NaN();
  auto spec = small_spec();
  spec.max_unusable = 0.5;
  auto set = training_set::make(spec, std::vector{rows});
  CAF_REQUIRE(set);
  for (auto window : set->windows()) {
    CAF_CHECK(window.row + 3 < 150 || window.row >= 150 + 5);
    CAF_CHECK(window.row + 3 < 220 || window.row > 220 + 5);
  }
  CAF_CHECK(!set->windows().empty());
}

CAF_TEST(faults_name_the_series_and_what_is_wrong_with_it) {
  auto rows = walk_rows("BTCUSDT", 60, 1);
  auto unsorted = rows;
  std::swap(column(unsorted, "time")[5], column(unsorted, "time")[6]);
  CAF_CHECK_EQUAL(problem_of(small_spec(), {unsorted}),
                  "BTCUSDT: row 6, column time: expected a time after that of "
                  "the row before, "
                  "found 1600021600000.000000");
  auto lacking = rows;
  column(lacking, "close").clear();
  CAF_CHECK_EQUAL(problem_of(small_spec(), {lacking}),
                  "BTCUSDT: column close: expected 60 values, found 0");
  CAF_CHECK_EQUAL(problem_of(small_spec(), {walk_rows("BTCUSDT", 12, 1)}),
                  "BTCUSDT: expected at least 13 rows, of which 4 to warm up, "
                  "found 12");
  CAF_CHECK_EQUAL(problem_of(small_spec(), {rows, rows}),
                  "BTCUSDT: expected each instrument once");
  for (size_t i = 20; i < 60; i += 3)
    column(rows, "close")[i] = -1;
  auto text = problem_of(small_spec(), {rows});
  CAF_CHECK(text.find("BTCUSDT: ") == 0);
  CAF_CHECK(text.find("windows have rows that are missing") != text.npos);
}

CAF_TEST(windows_of_several_series_come_in_the_order_of_time) {
  auto late = walk_rows("B", 60, 3);
  for (auto& time : column(late, "time"))
    time += 3.6e6 * 20;
  auto set = training_set::make(small_spec(),
                                std::vector{walk_rows("A", 60, 1), late});
  CAF_REQUIRE(set);
  auto spans = set->spans();
  for (size_t i = 1; i < spans.size(); ++i)
    CAF_CHECK(spans[i - 1].begin <= spans[i].begin);
  CAF_CHECK_EQUAL(spans[0].end - spans[0].begin, 3 * 3'600'000);
}

CAF_TEST(data_hash_depends_on_every_value) {
  auto rows = walk_rows("A", 60, 1);
  auto first = training_set::make(small_spec(), std::vector{rows});
  auto again = training_set::make(small_spec(), std::vector{rows});
  column(rows, "close")[59] += 1e-9;
  auto other = training_set::make(small_spec(), std::vector{rows});
  CAF_CHECK_EQUAL(first->data_hash(), again->data_hash());
  CAF_CHECK_NOT_EQUAL(first->data_hash(), other->data_hash());
}

CAF_TEST(nothing_after_the_training_part_changes_what_is_trained_on) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    CAF_MESSAGE("seed " << seed);
    auto rows = walk_rows("A", 200, seed);
    auto set = training_set::make(small_spec(), std::vector{rows});
    auto parts = part_samples(set->spans(), {});
    CAF_REQUIRE(parts);
    auto last = set->windows()[parts->train.back()].row + 3;
    seeded_random random{seed, 9};
    for (auto& values : rows.columns)
      for (auto i = last + 1; i < values.size(); ++i)
        if (&values != &column(rows, "time"))
          values[i] *= 1 + random.uniform();
    auto changed = training_set::make(small_spec(), std::vector{rows});
    CAF_REQUIRE(changed);
    auto before = fit_scales(*set, parts->train);
    auto after = fit_scales(*changed, parts->train);
    CAF_CHECK(before.columns == after.columns);
    CAF_CHECK(before.targets == after.targets);
    for (auto i : parts->train) {
      auto x = set->past(set->windows()[i]);
      auto y = changed->past(changed->windows()[i]);
      CAF_CHECK(std::equal(x.begin(), x.end(), y.begin(), y.end()));
      CAF_CHECK_EQUAL(set->target(set->windows()[i], 3),
                      changed->target(changed->windows()[i], 3));
    }
  }
}

CAF_TEST(scales_are_those_of_the_population) {
  auto set = training_set::make(small_spec(),
                                std::vector{walk_rows("A", 60, 1)});
  std::vector<size_t> windows{0, 1, 4};
  auto scales = fit_scales(*set, windows);
  // Rows 4 to 10 and 8 to 13 together.
  double sum = 0;
  double squares = 0;
  for (size_t row = 4; row <= 13; ++row) {
    sum += set->row(0, row)[0];
    squares += set->row(0, row)[0] * set->row(0, row)[0];
  }
  auto mean = sum / 10;
  CAF_CHECK(std::abs(scales.columns[0].mean - mean) < 1e-15);
  CAF_CHECK(std::abs(scales.columns[0].deviation
                     - std::sqrt(squares / 10 - mean * mean))
            < 1e-12);
}
