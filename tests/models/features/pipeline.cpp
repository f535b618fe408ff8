#define CAF_SUITE pipeline

#include "models/features/pipeline.hpp"

#include "tests/models/features/generated_rows.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

feature_request sma(std::string name, double period,
                    std::map<std::string, std::string> inputs = {}) {
  return {"sma", std::move(name), std::move(inputs), {{"period", period}}};
}

std::string fault_of(std::vector<feature_request> features) {
  auto plan = feature_plan::make({.features = std::move(features)});
  return plan ? "none" : plan.error().text;
}

struct world {
  explicit world(std::vector<feature_request> features, size_t rows = 600)
    : plan(*feature_plan::make({.features = std::move(features)})),
      market(sources_of(plan, generated_rows(7, rows))) {
    // nop
  }

  number_column& source(std::string_view name) {
    size_t i = 0;
    while (market_columns[plan.sources[i]].name != name)
      ++i;
    return market.columns[i];
  }

  void remove_rows(size_t first, size_t count) {
    for (auto& column : market.columns)
      column.erase(column.begin() + static_cast<ptrdiff_t>(first),
                   column.begin() + static_cast<ptrdiff_t>(first + count));
  }

  /// Also checks that it does not matter how the rows are cut.
  number_table run() const {
    feature_pipeline whole{plan};
    auto result = run_at_once(whole, market);
    feature_pipeline streaming{plan};
    auto one = run_in_parts(streaming, market, [] { return 1; });
    for (size_t i = 0; i < result.columns.size(); ++i)
      for (size_t row = 0; row < market.rows(); ++row)
        if (!same_bits(result.columns[i][row], one.columns[i][row]))
          CAF_FAIL("row " << row << " of " << plan.columns[i].name);
    CAF_CHECK_EQUAL(whole.ready(), streaming.ready());
    return result;
  }

  feature_plan plan;
  number_table market;
};

bool is_defined(double x) {
  return !std::isnan(x);
}

} // namespace

CAF_TEST(a_feature_may_read_another) {
  world w{{sma("a", 3), sma("b", 4, {{"close", "a"}})}};
  auto out = w.run();
  feature_pipeline pipeline{w.plan};
  CAF_CHECK_EQUAL(pipeline.warm_up(), 5u);
  CAF_CHECK(!is_defined(out.columns[1][4]));
  auto& a = out.columns[0];
  CAF_CHECK(std::abs(out.columns[1][5] - (a[2] + a[3] + a[4] + a[5]) / 4)
            < 1e-9);
}

CAF_TEST(a_wrong_value_makes_dirty_who_remembers_it) {
  auto nan = undefined;
  auto infinity = std::numeric_limits<double>::infinity();
  for (auto wrong : {nan, infinity, -infinity, 0.0, -5.0}) {
    world w{{sma("a", 3), sma("b", 4, {{"close", "a"}}),
             sma("v", 2, {{"close", "volume"}})}};
    w.source("close")[300] = wrong;
    auto out = w.run();
    for (size_t row = 280; row < 320; ++row) {
      CAF_CHECK_EQUAL(is_defined(out.columns[0][row]), row < 300 || row >= 303);
      CAF_CHECK_EQUAL(is_defined(out.columns[1][row]), row < 300 || row >= 306);
      // A wrong price makes the whole bar wrong.
      CAF_CHECK_EQUAL(is_defined(out.columns[2][row]), row < 300 || row >= 302);
    }
  }
}

CAF_TEST(only_who_reads_a_wrong_value_is_dirty) {
  world w{{sma("a", 3), sma("f", 3, {{"close", "funding_rate"}})}};
  w.source("funding_rate")[300] = undefined;
  auto out = w.run();
  CAF_CHECK(is_defined(out.columns[0][300]));
  CAF_CHECK(!is_defined(out.columns[1][300]));
  CAF_CHECK(!is_defined(out.columns[1][302]));
  CAF_CHECK(is_defined(out.columns[1][303]));
}

CAF_TEST(bars_that_contradict_themselves_are_wrong) {
  world w{{sma("a", 1, {{"close", "high"}}), sma("b", 1, {{"close", "low"}})}};
  w.source("high")[300] = w.source("low")[300] - 1;
  auto out = w.run();
  CAF_CHECK(!is_defined(out.columns[0][300]));
  CAF_CHECK(!is_defined(out.columns[1][300]));
  CAF_CHECK(is_defined(out.columns[1][301]));
}

CAF_TEST(a_missing_bar_makes_dirty_like_a_wrong_one) {
  world with{{sma("a", 5)}};
  with.source("close")[300] = undefined;
  auto wrong = with.run();
  world without{{sma("a", 5)}};
  without.remove_rows(300, 1);
  auto missing = without.run();
  for (size_t row = 301; row < 500; ++row)
    CAF_CHECK(same_bits(wrong.columns[0][row], missing.columns[0][row - 1]));
  CAF_CHECK(!is_defined(missing.columns[0][303]));
  CAF_CHECK(is_defined(missing.columns[0][304]));
}

CAF_TEST(after_a_long_gap_all_begin_anew) {
  world w{{sma("a", 5)}};
  w.remove_rows(200, 300);
  auto out = w.run();
  CAF_CHECK(is_defined(out.columns[0][199]));
  for (size_t row = 200; row < 204; ++row)
    CAF_CHECK(!is_defined(out.columns[0][row]));
  CAF_CHECK(is_defined(out.columns[0][204]));
}

CAF_TEST(a_step_off_the_grid_begins_anew) {
  world w{{sma("a", 5)}};
  for (size_t row = 300; row < 600; ++row)
    w.source("time")[row] += 1'000;
  auto out = w.run();
  CAF_CHECK(!is_defined(out.columns[0][303]));
  CAF_CHECK(is_defined(out.columns[0][304]));
}

CAF_TEST(rows_that_are_not_later_are_left_out) {
  world w{{sma("a", 2)}};
  auto expected = w.run();
  for (auto back : {0.0, 60'000.0}) {
    auto twice = w;
    for (auto& column : twice.market.columns)
      column.insert(column.begin() + 300, column[299]);
    twice.source("time")[300] -= back;
    auto out = twice.run();
    CAF_CHECK(!is_defined(out.columns[0][300]));
    for (size_t row = 300; row < 600; ++row)
      CAF_CHECK(same_bits(out.columns[0][row + 1], expected.columns[0][row]));
  }
  w.source("time")[300] = undefined;
  auto out = w.run();
  CAF_CHECK(!is_defined(out.columns[0][300]));
  CAF_CHECK(is_defined(out.columns[0][304]));
}

CAF_TEST(it_waits_for_the_first_good_value) {
  world w{{sma("a", 5, {{"close", "mark"}}), sma("b", 5)}};
  for (size_t row = 0; row < 270; ++row)
    w.source("mark")[row] = undefined;
  auto out = w.run();
  CAF_CHECK(!is_defined(out.columns[0][273]));
  CAF_CHECK(is_defined(out.columns[0][274]));
  CAF_CHECK(is_defined(out.columns[1][4]));
}

CAF_TEST(wrong_specifications_are_named) {
  CAF_CHECK_EQUAL(fault_of({{"smaa", "", {}, {}}}),
                  "features[0].feature: \"smaa\" is not known, did you mean "
                  "\"sma\"?");
  CAF_CHECK_EQUAL(fault_of({sma("a", 2), sma("b", 0)}),
                  "features[1]: period must be 1 to 100000, was 0");
  CAF_CHECK_EQUAL(fault_of({sma("a", 2), sma("a", 3)}),
                  "features[1].name: \"a\" is there already");
  CAF_CHECK_EQUAL(fault_of({sma("close", 2)}),
                  "features[0].name: \"close\" is a column of the market");
  CAF_CHECK_EQUAL(
    fault_of({sma("a b", 2)}),
    "features[0].name: expected letters, digits, \"_\", \".\" and "
    "\"-\", found \"a b\"");
  CAF_CHECK_EQUAL(fault_of({sma("a", 2, {{"clos", "high"}})}),
                  "features[0].inputs: \"clos\" is not known, did you mean "
                  "\"close\"?");
  // A feature can only read what is computed before it.
  CAF_CHECK_EQUAL(
    fault_of({sma("a", 2, {{"close", "highh"}})}),
    "features[0].inputs.close: column \"highh\" is not known, did "
    "you mean \"high\"?");
  CAF_CHECK(fault_of({sma("first", 2, {{"close", "second"}}), sma("second", 2)})
              .starts_with("features[0].inputs.close: column \"second\" is not "
                           "known"));
}

CAF_TEST(the_schema_hash_tells_what_is_computed) {
  auto hash =
    [](std::vector<feature_request> features,
       std::chrono::milliseconds interval = std::chrono::milliseconds{60'000}) {
      return feature_plan::make({interval, std::move(features)})->schema_hash;
    };
  auto plain = hash({sma("a", 2)});
  CAF_CHECK_EQUAL(plain, hash({sma("a", 2, {{"close", "close"}})}));
  CAF_CHECK(plain != hash({sma("b", 2)}));
  CAF_CHECK(plain != hash({sma("a", 3)}));
  CAF_CHECK(plain != hash({sma("a", 2, {{"close", "open"}})}));
  CAF_CHECK(plain != hash({sma("a", 2), sma("b", 2)}));
  CAF_CHECK(plain != hash({sma("a", 2)}, std::chrono::milliseconds{1'000}));
  CAF_CHECK_EQUAL(plain.size(), 16u);
}
