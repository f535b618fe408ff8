#define CAF_SUITE order_flow_bars

// Order flow of bars by its definitions, and where these have no value.

#include "tests/models/features/definitions.hpp"

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr size_t rows = 500;

} // namespace

CAF_TEST(queues_and_quotes_are_as_defined) {
  auto market = generated_rows(1, rows);
  auto& bid = column_of(market, "bid");
  auto& ask = column_of(market, "ask");
  auto& bids = column_of(market, "bid_size");
  auto& asks = column_of(market, "ask_size");
  auto imbalance = computed("imbalance", market);
  check_rows(imbalance.columns[0], 0,
             [&](size_t i) { return bids[i] / (bids[i] + asks[i]); });
  check_rows(imbalance.columns[1], 0, [&](size_t i) {
    return (bids[i] - asks[i]) / (bids[i] + asks[i]);
  });
  auto middle = [&](size_t i) { return (bid[i] + ask[i]) / 2; };
  auto weighted = [&](size_t i) {
    return (ask[i] * bids[i] + bid[i] * asks[i]) / (bids[i] + asks[i]);
  };
  auto mid = computed("weighted_mid", market);
  check_rows(mid.columns[0], 0, weighted);
  for (size_t i = 0; i < rows; ++i)
    CAF_REQUIRE(std::abs(mid.columns[1][i] - (weighted(i) / middle(i) - 1))
                < 1e-12);
  check_rows(computed("relative_spread", market).columns[0], 0,
             [&](size_t i) { return (ask[i] - bid[i]) / middle(i); });
}

CAF_TEST(empty_and_crossed_quotes_have_documented_values) {
  auto market = generated_rows(1, 10);
  column_of(market, "bid_size").back() = 0;
  column_of(market, "ask_size").back() = 0;
  auto imbalance = computed("imbalance", market);
  CAF_CHECK_EQUAL(imbalance.columns[0].back(), 0.5);
  CAF_CHECK_EQUAL(imbalance.columns[1].back(), 0.0);
  auto mid = computed("weighted_mid", market);
  auto middle
    = (column_of(market, "bid").back() + column_of(market, "ask").back()) / 2;
  CAF_CHECK(std::abs(mid.columns[0].back() - middle) < 1e-9);
  CAF_CHECK_EQUAL(mid.columns[1].back(), 0.0);
  for (auto beyond : {0.0, 0.1}) {
    column_of(market, "bid").back() = column_of(market, "ask").back() + beyond;
    mid = computed("weighted_mid", market);
    CAF_CHECK(std::isnan(mid.columns[0].back()));
    CAF_CHECK(std::isnan(mid.columns[1].back()));
    CAF_CHECK(std::isnan(last_of("relative_spread", market)));
  }
}

CAF_TEST(scores_compare_with_the_rows_before) {
  auto market = generated_rows(2, rows);
  for (auto [feature, name] : {std::pair{"order_flow_z", "order_flow"},
                               std::pair{"volume_z", "volume"}}) {
    auto& x = column_of(market, name);
    for (size_t period : {30, 61}) {
      auto n = static_cast<double>(period);
      auto at = [&](size_t i) { return x[i]; };
      check_rows(
        computed(feature, market, {{"period", n}}).columns[0], period,
        [&](size_t i) {
          auto variance = products_over(i - 1, period, at, at) / (n - 1);
          return (x[i] - sum_over(i - 1, period, at) / n) / std::sqrt(variance);
        });
    }
  }
  auto& flow = column_of(market, "order_flow");
  std::fill(flow.begin(), flow.end() - 1, 0.1);
  CAF_CHECK_EQUAL(last_of("order_flow_z", market), 0.0);
}

CAF_TEST(takers_are_counted_by_volume) {
  auto market = generated_rows(3, rows);
  auto& volume = column_of(market, "volume");
  auto& bought = column_of(market, "taker_buy_volume");
  for (size_t period : {1, 30})
    check_rows(
      computed("taker_share", market, {{"period", static_cast<double>(period)}})
        .columns[0],
      period - 1, [&](size_t i) {
        return sum_over(i, period, [&](size_t j) { return bought[j]; })
               / sum_over(i, period, [&](size_t j) { return volume[j]; });
      });
  bought.back() = volume.back() * 1.01;
  CAF_CHECK(std::isnan(last_of("taker_share", market)));
  bought.back() = volume.back() = 0;
  CAF_CHECK_EQUAL(last_of("taker_share", market), 0.5);
}

CAF_TEST(lambda_is_the_slope_of_changes_on_taker_volume) {
  auto market = generated_rows(4, rows);
  auto& close = column_of(market, "close");
  auto& volume = column_of(market, "volume");
  auto& bought = column_of(market, "taker_buy_volume");
  auto flow = [&](size_t i) {
    return static_cast<long double>(bought[i]) - (volume[i] - bought[i]);
  };
  auto change = [&](size_t i) {
    return static_cast<long double>(close[i]) - close[i - 1];
  };
  for (size_t period : {3, 60}) {
    auto out = computed("kyle_lambda", market,
                        {{"period", static_cast<double>(period)}});
    auto slope = [&](size_t i) {
      return products_over(i, period, flow, change)
             / products_over(i, period, flow, flow);
    };
    check_rows(out.columns[0], period, slope);
    check_rows(out.columns[1], period, [&](size_t i) {
      auto n = static_cast<long double>(period);
      auto constant
        = (sum_over(i, period, change) - slope(i) * sum_over(i, period, flow))
          / n;
      auto residual = sum_over(i, period, [&](size_t j) {
        auto off = change(j) - constant - slope(i) * flow(j);
        return off * off;
      });
      auto error
        = std::sqrt(residual / (n - 2) / products_over(i, period, flow, flow));
      return slope(i) / error;
    });
  }
  std::fill(volume.begin(), volume.end(), 2);
  std::fill(bought.begin(), bought.end(), 0.7);
  auto out = computed("kyle_lambda", market);
  CAF_CHECK(std::isnan(out.columns[0].back()));
  CAF_CHECK(std::isnan(out.columns[1].back()));
}

CAF_TEST(bars_are_classified_by_deviations_before_them) {
  auto market = generated_rows(5, rows);
  auto& close = column_of(market, "close");
  auto& volume = column_of(market, "volume");
  auto change = [&](size_t i) {
    return static_cast<long double>(close[i]) - close[i - 1];
  };
  auto bought = [&](size_t i) {
    auto variance = products_over(i - 1, 30, change, change) / 29;
    auto z = change(i) / std::sqrt(variance);
    return volume[i] * (1 + std::erf(z / std::sqrt(2.0L))) / 2;
  };
  check_rows(computed("vpin_bulk", market, {{"period", 20}, {"deviations", 30}})
               .columns[0],
             50, [&](size_t i) {
               auto apart = [&](size_t j) {
                 return std::abs(bought(j) - (volume[j] - bought(j)));
               };
               return sum_over(i, 20, apart)
                      / sum_over(i, 20, [&](size_t j) { return volume[j]; });
             });
  CAF_MESSAGE(
    "a price that stands still is balanced; one that then moves, not");
  std::fill(close.begin(), close.end(), 100);
  for (auto name : {"open", "high", "low"})
    column_of(market, name) = close;
  CAF_CHECK_EQUAL(last_of("vpin_bulk", market), 0.0);
  close.back() = 101;
  CAF_CHECK_EQUAL(last_of("vpin_bulk", market, {{"period", 1}}), 1.0);
  std::fill(volume.begin(), volume.end(), 0);
  CAF_CHECK(std::isnan(last_of("vpin_bulk", market)));
}

CAF_TEST(illiquidity_counts_rows_with_trades) {
  auto market = generated_rows(6, rows);
  auto& close = column_of(market, "close");
  auto& money = column_of(market, "quote_volume");
  for (size_t i = 0; i < rows; i += 3)
    money[i] = 0;
  auto ratio = [&](size_t i) {
    return money[i] == 0 ? 0
                         : std::abs(std::log(static_cast<long double>(close[i])
                                             / close[i - 1]))
                             / money[i];
  };
  check_rows(
    computed("amihud", market, {{"period", 30}, {"millions", 2}}).columns[0],
    30, [&](size_t i) {
      auto traded = sum_over(i, 30,
                             [&](size_t j) { return money[j] > 0 ? 1 : 0; });
      return 2e6 * sum_over(i, 30, ratio) / traded;
    });
  std::fill(money.begin(), money.end(), 0);
  CAF_CHECK(std::isnan(last_of("amihud", market)));
}

CAF_TEST(the_spread_of_roll_has_the_sign_of_the_bounce) {
  auto market = generated_rows(7, rows);
  auto& close = column_of(market, "close");
  auto change = [&](size_t i) {
    return static_cast<long double>(close[i]) - close[i - 1];
  };
  auto before = [&](size_t i) { return change(i - 1); };
  auto out = computed("roll_spread", market, {{"period", 20}}).columns[0];
  check_rows(out, 21, [&](size_t i) {
    auto covariance = products_over(i, 20, change, before) / 19;
    auto root = 2 * std::sqrt(std::abs(covariance)) / close[i];
    return covariance < 0 ? root : -root;
  });
  auto bounces = [](double x) { return x > 0; };
  CAF_CHECK(std::any_of(out.begin(), out.end(), bounces));
  CAF_CHECK(!std::all_of(out.begin() + 21, out.end(), bounces));
  std::fill(close.begin(), close.end(), 100);
  for (auto name : {"open", "high", "low"})
    column_of(market, name) = close;
  CAF_CHECK_EQUAL(last_of("roll_spread", market), 0.0);
}
