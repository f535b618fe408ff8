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
  auto source = batch_features(some_features(), test_instrument(),
                               {bars, none});
  source->next(bars[0], nothing_known);
  CAF_CHECK(
    throws<std::logic_error>([&] { source->next(bars[2], nothing_known); }));
}

// -- columns beside bars ------------------------------------------------------

namespace {

// Every column by itself, under its own name.
feature_plan all_columns() {
  std::vector<feature_request> requests;
  for (const auto& x : market_columns)
    if (x.name != "time")
      requests.push_back({"value",
                          "x_" + std::string{x.name},
                          {{"close", std::string{x.name}}},
                          {}});
  return plan_of(std::move(requests));
}

double value_of(const feature_plan& plan, std::span<const double> row,
                std::string_view column) {
  for (size_t i = 0; i < plan.columns.size(); ++i)
    if (plan.columns[i].name == "x_" + std::string{column})
      return row[i];
  CAF_FAIL("no column " << std::string{column});
}

} // namespace

CAF_TEST(what_is_known_around_a_bar_is_read_in_the_units_of_its_columns) {
  auto plan = all_columns();
  auto source = stream_features(plan, test_instrument());
  bar_context around;
  around.trades = trade_sums{123'456'789, 42, {2'500}};
  around.top = top_of_book{{200'001}, {200'002}, {7},
                           {1'000},   {3'000},   {5'000}};
  around.mark = price{200'003};
  around.index = price{199'998};
  around.reference = fine_price{200'000, 50'000'000};
  around.funding_rate_e8 = -12'500;
  around.open_interest = quantity{98'765'432};
  around.flow = flow_sums{{-1'234, 2'000, 3, 4, 5, 6, 7, 8, 9, 10}, 44'000, 2};
  around.costs = cost_sums{-123'456'789, 40'000, 20'000, 100'000};
  auto row = source->next(generated_bars(1).front(), around);
  auto check = [&](std::string_view column, double expected) {
    CAF_MESSAGE(std::string{column});
    CAF_CHECK(same_bits(value_of(plan, row, column), expected));
  };
  check("quote_volume", 12'345.6789);
  check("trade_count", 42);
  check("taker_buy_volume", 2.5);
  check("mark", 20'000.3);
  check("index", 19'999.8);
  CAF_CHECK(std::abs(value_of(plan, row, "reference") - 20'000.05) < 1e-9);
  check("funding_rate", -0.000125);
  check("open_interest", 98'765.432);
  check("bid", 20'000.1);
  check("ask", 20'000.2);
  check("bid_size", 0.007);
  check("ask_size", 1);
  check("bid_depth", 3);
  check("ask_depth", 5);
  check("order_flow", -1.234);
  check("order_flow_2", 2);
  check("order_flow_10", 0.01);
  check("book_depth", 44.0 / 40);
  check("effective_cost", -12'345.6789);
  check("realised_cost", 4);
  check("impact_cost", 2);
  check("settled_value", 10);
  check("tick", 0.1);
}

CAF_TEST(the_depth_of_a_book_that_did_not_change_is_that_at_the_close) {
  auto plan = all_columns();
  auto source = stream_features(plan, test_instrument());
  bar_context around;
  around.top = top_of_book{{1}, {2}, {7}, {1'000}, {3'000}, {5'000}};
  around.flow = flow_sums{};
  auto row = source->next(generated_bars(1).front(), around);
  CAF_CHECK_EQUAL(value_of(plan, row, "book_depth"), 8.0 / 20);
}

CAF_TEST(what_is_not_known_is_undefined_and_the_bar_still_is_one) {
  auto plan = all_columns();
  auto source = stream_features(plan, test_instrument());
  auto row = source->next(generated_bars(1).front(), nothing_known);
  for (size_t i = 0; i < market_columns.size(); ++i)
    if (i != time_column)
      CAF_CHECK_EQUAL(std::isnan(value_of(plan, row, market_columns[i].name)),
                      !is_of_bar(i));
}

CAF_TEST(columns_that_a_bar_does_not_have_are_found) {
  CAF_CHECK(columns_beside_bars(some_features()).empty());
  auto found = columns_beside_bars(
    plan_of({{"sma", "a", {{"close", "funding_rate"}}, {}},
             {"sma", "b", {{"close", "quote_volume"}}, {}}}));
  CAF_REQUIRE_EQUAL(found.size(), 2u);
  CAF_CHECK_EQUAL(market_columns[found[0]].name, "quote_volume");
  CAF_CHECK_EQUAL(market_columns[found[1]].name, "funding_rate");
}

CAF_TEST(columns_of_a_history_give_the_same_bits_in_parts_and_at_once) {
  auto plan = plan_of({{"order_flow_z", "a", {}, {}},
                       {"relative_spread", "b", {}, {}},
                       {"sma", "c", {{"close", "quote_volume"}}, {}},
                       {"sma", "d", {}, {{"period", 7}}}});
  constexpr size_t count = 5'000;
  auto bars = generated_bars(count);
  auto rows = generated_rows(1, count);
  history_columns columns;
  for (auto which : columns_beside_bars(plan)) {
    columns[which] = rows.columns[which];
    for (size_t i = which; i < count; i += 401)
      columns[which][i] = undefined;
  }
  auto rules = test_instrument();
  auto streaming = stream_features(plan, rules, {bars, columns});
  auto batch = batch_features(plan, rules, {bars, columns});
  size_t defined = 0;
  for (const auto& x : bars) {
    auto one = streaming->next(x, nothing_known);
    auto other = batch->next(x, nothing_known);
    for (size_t i = 0; i < one.size(); ++i) {
      CAF_REQUIRE(same_bits(one[i], other[i]));
      defined += !std::isnan(one[i]);
    }
  }
  CAF_CHECK(defined > 10'000u);
  CAF_MESSAGE("a bar that is not there");
  auto late = bars.back();
  late.close_time = late.close_time + minute;
  CAF_CHECK(
    throws<std::logic_error>([&] { streaming->next(late, nothing_known); }));
}
