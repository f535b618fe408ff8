#define CAF_SUITE level_bars

// Features of the levels of a book, of the costs of trades and of their sides,
// by their definitions.

#include "tests/models/features/definitions.hpp"
#include "tests/models/features/order_flow/golden_books.hpp"

#include "models/features/order_flow/integrated_flow.hpp"
#include "models/features/order_flow/level_flow.hpp"
#include "models/features/order_flow/micro_price_bars.hpp"
#include "models/features/order_flow/vpin.hpp"

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr size_t rows = 400;

std::string level_column(size_t level) {
  return level == 1 ? "order_flow" : "order_flow_" + std::to_string(level);
}

} // namespace

CAF_TEST(flows_are_summed_and_normalised_by_level) {
  auto market = generated_rows(1, rows);
  auto& depth = column_of(market, "book_depth");
  for (size_t period : {1, 7}) {
    auto n = static_cast<double>(period);
    auto levels = computed("order_flow_levels", market, {{"period", n}});
    auto weighted = computed("order_flow_weighted", market,
                             {{"period", n}, {"decay", 0.3}});
    auto flow = [&](size_t level, size_t i) {
      auto& x = column_of(market, level_column(level));
      return sum_over(i, period, [&](size_t j) { return x[j]; });
    };
    auto mean = [&](size_t i) {
      return sum_over(i, period, [&](size_t j) { return depth[j]; }) / n;
    };
    for (size_t level = 1; level <= 10; ++level)
      check_rows(levels.columns[level - 1], period - 1,
                 [&](size_t i) { return flow(level, i) / mean(i); });
    auto sum = [&](size_t i) {
      long double result = 0;
      for (size_t level = 1; level <= 10; ++level)
        result += std::exp(-0.3L * static_cast<long double>(level - 1))
                  * flow(level, i);
      return result;
    };
    check_rows(weighted.columns[0], period - 1, sum);
    check_rows(weighted.columns[1], period - 1,
               [&](size_t i) { return sum(i) / mean(i); });
  }
  std::fill(depth.begin(), depth.end(), 0.0);
  CAF_CHECK_EQUAL(last_of("order_flow_levels", market), 0.0);
}

CAF_TEST(integrated_flow_is_that_of_the_golden_buckets) {
  auto buckets = golden_table("orderflow/features_per_bucket.csv");
  auto scalars = golden_json("orderflow/scalars.json");
  auto books = golden_books();
  flow_buckets sums{golden_levels, 20};
  number_table market{std::vector<number_column>(market_columns.size())};
  for (const auto& book : books)
    if (auto full = sums.update(book)) {
      for (auto name : {"open", "high", "low", "close"})
        column_of(market, name).push_back(100);
      column_of(market, "volume").push_back(1);
      auto& time = column_of(market, "time");
      time.push_back(60'000.0 * static_cast<double>(time.size() + 1));
      for (size_t i = 0; i < 10; ++i)
        column_of(market, level_column(i + 1)).push_back(full->sums[i]);
      column_of(market, "book_depth").push_back(full->depth);
    }
  std::map<std::string, double> weights;
  auto& expected = scalars["pca_weights_l1_normalised"];
  for (rapidjson::SizeType i = 0; i < 10; ++i)
    weights["weight_" + std::to_string(i + 1)]
      = i < golden_levels ? expected[i].GetDouble() : 0.0;
  order_flow_judge judge;
  judge.column("integrated_ofi",
               computed("order_flow_integrated", market, weights).columns[0],
               buckets.at("integrated_ofi"));
}

CAF_TEST(weights_that_do_not_sum_to_one_are_refused) {
  auto plan = feature_plan::make(
    {.features = {{"order_flow_integrated", "x", {}, {{"weight_1", 0.5}}}}});
  CAF_REQUIRE(!plan);
  CAF_CHECK(plan.error().text.find("magnitudes sum to 1") != std::string::npos);
}

CAF_TEST(trades_that_go_one_way_double_the_flow) {
  auto market = generated_rows(2, rows);
  auto& flow = column_of(market, "order_flow");
  auto& volume = column_of(market, "volume");
  auto& bought = column_of(market, "taker_buy_volume");
  check_rows(computed("order_flow_traded", market, {{"period", 5}}).columns[0],
             4, [&](size_t i) {
               auto of = [&](const number_column& x) {
                 return sum_over(i, 5, [&](size_t j) { return x[j]; });
               };
               auto net = 2 * of(bought) - of(volume);
               return of(flow) * (1 + std::abs(net) / of(volume));
             });
  bought.back() = volume.back();
  auto once = flow.back();
  CAF_CHECK_EQUAL(last_of("order_flow_traded", market), 2 * once);
  bought.back() = 2 * volume.back();
  CAF_CHECK(std::isnan(last_of("order_flow_traded", market)));
}

CAF_TEST(impact_is_the_slope_of_changes_on_flow) {
  auto market = generated_rows(3, rows);
  auto& close = column_of(market, "close");
  auto& flow = column_of(market, "order_flow");
  auto x = [&](size_t i) { return static_cast<long double>(flow[i]); };
  auto y = [&](size_t i) {
    return static_cast<long double>(close[i]) - close[i - 1];
  };
  check_rows(computed("flow_impact", market, {{"period", 30}}).columns[0], 30,
             [&](size_t i) {
               return products_over(i, 30, x, y) / products_over(i, 30, x, x);
             });
  std::fill(flow.begin(), flow.end(), 3);
  CAF_CHECK(std::isnan(last_of("flow_impact", market)));
}

CAF_TEST(costs_are_shares_of_what_was_traded) {
  auto market = generated_rows(4, rows);
  auto share = [&](const char* part, const char* all) {
    return [&, part, all](size_t i) {
      return sum_over(i, 9,
                      [&](size_t j) { return column_of(market, part)[j]; })
             / sum_over(i, 9,
                        [&](size_t j) { return column_of(market, all)[j]; });
    };
  };
  check_rows(computed("effective_spread", market, {{"period", 9}}).columns[0],
             8, share("effective_cost", "quote_volume"));
  auto later = computed("realised_spread", market, {{"period", 9}});
  check_rows(later.columns[0], 8, share("realised_cost", "settled_value"));
  check_rows(later.columns[1], 8, share("impact_cost", "settled_value"));
  column_of(market, "quote_volume").back() = 0;
  CAF_CHECK(std::isnan(last_of("effective_spread", market)));
}

CAF_TEST(rows_of_single_trades_have_the_vpin_of_these_trades) {
  auto market = generated_rows(5, rows);
  auto& volume = column_of(market, "volume");
  auto& bought = column_of(market, "taker_buy_volume");
  for (size_t i = 0; i < rows; ++i)
    bought[i] = i * 7 % 5 < 2 ? volume[i] : 0;
  constexpr size_t period = 60;
  constexpr size_t buckets = 8;
  auto expected = [&](size_t last) {
    auto all = sum_over(last, period, [&](size_t j) { return volume[j]; });
    vpin meter{static_cast<double>(all) / buckets, buckets};
    long double apart = 0;
    auto tell = [&](const vpin_bucket& x) {
      apart += std::abs(x.bought - x.sold);
    };
    for (auto i = last + 1 - period; i <= last; ++i)
      meter.add(volume[i], bought[i] > 0 ? 1 : 0, tell);
    // The last bucket may miss a rounding.
    meter.add(1e-9, 1, tell);
    return apart / all;
  };
  auto actual = computed("vpin", market,
                         {{"period", period}, {"buckets", buckets}})
                  .columns[0];
  for (size_t i = 0; i < rows; ++i)
    if (i + 1 < period)
      CAF_REQUIRE(std::isnan(actual[i]));
    else
      CAF_REQUIRE(std::abs(actual[i] - static_cast<double>(expected(i)))
                  < 1e-7);
}

CAF_TEST(vpin_is_one_of_one_sided_trades_and_none_without_any) {
  auto market = generated_rows(6, rows);
  auto& volume = column_of(market, "volume");
  auto& bought = column_of(market, "taker_buy_volume");
  bought = volume;
  CAF_CHECK(std::abs(last_of("vpin", market) - 1) < 1e-9);
  for (size_t i = 0; i < rows; ++i)
    bought[i] = volume[i] / 2;
  CAF_CHECK(std::abs(last_of("vpin", market)) < 1e-9);
  bought.back() = volume.back() * 2;
  CAF_CHECK(std::isnan(last_of("vpin", market)));
  std::fill(volume.begin(), volume.end(), 0);
  std::fill(bought.begin(), bought.end(), 0);
  CAF_CHECK(std::isnan(last_of("vpin", market)));
}

CAF_TEST(the_micro_price_of_a_bar_is_that_of_its_book) {
  auto market = generated_rows(7, rows);
  auto states = micro_price_states::even(micro_price_buckets, 2);
  CAF_REQUIRE(states);
  std::vector<double> ticks;
  for (size_t i = 0; i < states->count(); ++i) {
    auto bucket = static_cast<double>(i % 10) - 4.5;
    ticks.push_back(bucket * (i < 10 ? 0.1 : 0.3));
  }
  auto fitted = micro_price::make(*states, ticks);
  CAF_REQUIRE(fitted);
  auto actual = computed("micro_price", market, parameters_of(*fitted));
  auto at = [&](const char* name, size_t row) {
    return column_of(market, name)[row];
  };
  for (size_t i = 0; i < rows; ++i) {
    auto book = book_of({{ticks_of(at("bid", i)), at("bid_size", i)}},
                        {{ticks_of(at("ask", i)), at("ask_size", i)}});
    auto expected = fitted->price(book);
    CAF_REQUIRE(std::abs(actual.columns[0][i] - expected * tick) < 1e-6);
    CAF_REQUIRE(std::abs(actual.columns[1][i] - (expected / middle(book) - 1))
                < 1e-12);
  }
}

CAF_TEST(a_micro_price_needs_a_narrow_spread_and_prices_of_whole_ticks) {
  auto market = generated_rows(8, 10);
  CAF_MESSAGE("without a fit it is near the weighted middle");
  auto weighted = computed("weighted_mid", market).columns[1];
  auto own = computed("micro_price", market).columns[1];
  auto mid = column_of(market, "close").back();
  CAF_CHECK(std::abs(own.back() - weighted.back()) * mid <= 0.05 * 0.2 + 1e-9);
  CAF_CHECK(std::isnan(last_of("micro_price", market, {{"spreads", 1}})));
  column_of(market, "tick").back() = 0.3;
  CAF_CHECK(std::isnan(last_of("micro_price", market)));
}
