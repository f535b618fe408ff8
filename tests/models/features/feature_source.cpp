#define CAF_SUITE feature_source

#include "models/features/feature_source.hpp"

#include "tests/models/features/generated_rows.hpp"
#include "tests/models/throws.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr auto minute = std::chrono::minutes{1};

// A tick that no double holds exactly.
instrument test_instrument() {
  return *instrument::make({}, {.name = "TEST",
                                .tick_e8 = 10'000'000,
                                .lot_e8 = 100'000,
                                .min_notional = {},
                                .max_order = {}});
}

std::vector<bar> generated_bars(size_t count) {
  auto rows = generated_rows(1, count);
  auto ticks = [&](std::string_view name, size_t row) {
    return price{
      std::llround(rows.columns[market_column_index(name)][row] * 10)};
  };
  std::vector<bar> result;
  for (size_t i = 0; i < count; ++i) {
    auto open = utc_time{1'704'067'200'000'000'000}
                + minute * static_cast<int64_t>(i);
    result.push_back({open,
                      open + minute,
                      ticks("open", i),
                      ticks("high", i),
                      ticks("low", i),
                      ticks("close", i),
                      {1'234}});
  }
  return result;
}

// No columns beside the bars.
const history_columns none;

feature_plan plan_of(std::vector<feature_request> features) {
  return *feature_plan::make({minute, std::move(features)});
}

feature_plan some_features() {
  return plan_of({{"sma", "a", {}, {{"period", 7}}},
                  {"bollinger", "b", {}, {}},
                  {"highest", "c", {}, {{"period", 30}}},
                  {"vwap", "d", {}, {}}});
}

} // namespace

CAF_TEST(all_sources_give_the_same_bits) {
  auto plan = some_features();
  auto bars = generated_bars(1'500);
  bars.erase(bars.begin() + 700, bars.begin() + 705);
  auto rules = test_instrument();
  auto streaming = stream_features(plan, rules);
  auto batch = batch_features(plan, rules, {bars, none});
  feature_table table;
  table.columns.resize(plan.columns.size());
  size_t defined = 0;
  for (const auto& x : bars) {
    auto one = streaming->next(x, nothing_known);
    auto other = batch->next(x, nothing_known);
    CAF_REQUIRE_EQUAL(one.size(), plan.columns.size());
    CAF_REQUIRE_EQUAL(other.size(), plan.columns.size());
    table.times.push_back(x.open_time);
    for (size_t i = 0; i < one.size(); ++i) {
      CAF_REQUIRE(same_bits(one[i], other[i]));
      table.columns[i].push_back(one[i]);
      defined += !std::isnan(one[i]);
    }
  }
  CAF_CHECK(defined > 5'000);
  auto kept = table_features(table);
  for (size_t row = 0; row < bars.size(); ++row) {
    auto values = kept->next(bars[row], nothing_known);
    for (size_t i = 0; i < values.size(); ++i)
      CAF_REQUIRE(same_bits(values[i], table.columns[i][row]));
  }
}

CAF_TEST(a_price_in_ticks_is_the_number_that_its_text_is) {
  auto source
    = stream_features(plan_of({{"value", "price", {}, {}},
                               {"value", "size", {{"close", "volume"}}, {}}}),
                      test_instrument());
  auto x = generated_bars(1).front();
  x.close = x.high = {612'347};
  x.volume = {70'003};
  auto values = source->next(x, nothing_known);
  CAF_CHECK_EQUAL(values[0], 61'234.7);
  CAF_CHECK_EQUAL(values[1], 70.003);
}

CAF_TEST(a_row_that_is_not_in_the_table_is_undefined) {
  auto bars = generated_bars(4);
  feature_table table{{bars[1].open_time, bars[3].open_time}, {{5, 7}}};
  auto source = table_features(table);
  CAF_CHECK(std::isnan(source->next(bars[0], nothing_known)[0]));
  CAF_CHECK_EQUAL(source->next(bars[1], nothing_known)[0], 5);
  CAF_CHECK(std::isnan(source->next(bars[2], nothing_known)[0]));
  CAF_CHECK_EQUAL(source->next(bars[3], nothing_known)[0], 7);
}

CAF_TEST(a_bar_out_of_order_stops_a_batch) {
  auto bars = generated_bars(4);
  auto source = batch_features(some_features(), test_instrument(), {bars, none});
  source->next(bars[0], nothing_known);
  CAF_CHECK(throws<std::logic_error>([&] { source->next(bars[2], nothing_known); }));
}

