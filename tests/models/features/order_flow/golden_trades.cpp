#define CAF_SUITE golden_trades

// Signs, costs and imbalance of recorded trades against golden vectors.

#include "tests/models/features/order_flow/golden_books.hpp"

#include "models/features/order_flow/price_impact.hpp"
#include "models/features/order_flow/trade_sign.hpp"
#include "models/features/order_flow/vpin.hpp"
#include "models/market/trade_costs.hpp"

using namespace qalpha;
using namespace qalpha::test;

CAF_TEST(trades_have_the_signs_and_costs_of_the_golden_vectors) {
  order_flow_judge judge;
  auto books = golden_books();
  auto trades = golden_table("orderflow/trades.csv");
  auto expected = golden_table("orderflow/trades_features.csv");
  auto scalars = golden_json("orderflow/scalars.json");
  auto& prices = trades.at("price");
  trade_costs costs{scalars["realised_horizon_events"].GetInt(), 100};
  lee_ready quotes;
  lee_ready ticks;
  std::vector<trade_cost> told;
  number_column guesses;
  number_column directions;
  auto tell = [&](const trade_cost& x) { told.push_back(x); };
  size_t trade = 0;
  for (size_t row = 0; row < books.size(); ++row) {
    auto event = static_cast<int64_t>(row);
    costs.add_middle(event, std::llround(2 * middle(books[row])), tell);
    for (; trade < prices.size()
           && trades.at("event_index")[trade] == static_cast<double>(row);
         ++trade) {
      guesses.push_back(
        quotes.update(prices[trade], middle(books[row]) * tick));
      directions.push_back(ticks.tick_rule(prices[trade]));
      auto taker = trades.at("side")[trade] > 0 ? side::buy : side::sell;
      CAF_CHECK(
        costs.add_trade(event, taker, price{ticks_of(prices[trade])}, {1}));
    }
  }
  // The golden horizon ends with the recording.
  costs.settle(static_cast<int64_t>(books.size()) + 30, tell);
  std::array<number_column, 3> columns;
  for (const auto& x : told) {
    columns[0].push_back(static_cast<double>(x.effective) * tick);
    columns[1].push_back(static_cast<double>(x.realised) * tick);
    columns[2].push_back(static_cast<double>(x.impact) * tick);
  }
  auto mean = [](const number_column& x) {
    double sum = 0;
    for (auto value : x)
      sum += value;
    return sum / static_cast<double>(x.size());
  };
  judge.column("effective", columns[0], expected.at("effective_spread"));
  judge.column("realised", columns[1], expected.at("realised_spread"));
  judge.column("impact", columns[2], expected.at("price_impact"));
  judge.value("mean effective", mean(columns[0]),
              scalars["mean_effective"].GetDouble());
  judge.value("mean realised", mean(columns[1]),
              scalars["mean_realised"].GetDouble());
  judge.value("mean impact", mean(columns[2]),
              scalars["mean_impact"].GetDouble());
  judge.column("tick_rule", directions, expected.at("tick_rule"));
  judge.column("lee_ready", guesses, expected.at("lee_ready"));
  judge.column("lee_ready accuracy", guesses, trades.at("side"));
  roll_spread roll{prices.size()};
  for (auto price : prices)
    roll.update(price);
  judge.value("roll_cov", roll.covariance(), scalars["roll_cov"].GetDouble());
  judge.value("roll_spread", roll.spread(), scalars["roll_spread"].GetDouble());
}

CAF_TEST(vpin_of_trades_is_that_of_the_golden_vectors) {
  order_flow_judge judge;
  auto trades = golden_table("orderflow/trades.csv");
  auto expected = golden_table("orderflow/vpin_true_side.csv");
  auto scalars = golden_json("orderflow/scalars.json");
  vpin meter{scalars["vpin_bucket_volume"].GetDouble(),
             scalars["vpin_window"].GetUint()};
  std::array<number_column, 4> columns;
  for (size_t i = 0; i < trades.at("qty").size(); ++i)
    meter.add(trades.at("qty")[i], trades.at("side")[i] > 0 ? 1 : 0,
              [&](const vpin_bucket& x) {
                columns[0].push_back(x.bought);
                columns[1].push_back(x.sold);
                columns[2].push_back(std::abs(x.bought - x.sold));
                columns[3].push_back(x.vpin);
              });
  judge.column("buy", columns[0], expected.at("buy"));
  judge.column("sell", columns[1], expected.at("sell"));
  judge.column("abs_oi", columns[2], expected.at("abs_oi"));
  judge.column("vpin", columns[3], expected.at("vpin"));
}

CAF_TEST(bars_of_a_real_market_have_the_vpin_and_the_amihud_of_the_vectors) {
  auto path = real_market_path();
  if (!path) {
    CAF_MESSAGE("skipped: no market data");
    return;
  }
  order_flow_judge judge;
  auto bars = golden_table(*path);
  auto expected
    = golden_table(std::filesystem::path{*path}.parent_path().string()
                   + "/../orderflow/vpin_bvc_real.csv");
  auto scalars = golden_json("orderflow/scalars.json");
  auto& close = bars.at("close");
  auto& volume = bars.at("volume");
  vpin meter{scalars["bvc_bucket_volume"].GetDouble(),
             scalars["bvc_window"].GetUint()};
  amihud_illiquidity amihud{close.size()};
  number_column bought;
  number_column values;
  double illiquidity = 0;
  for (size_t i = 1; i < close.size(); ++i) {
    auto share = bulk_bought_share(close[i] - close[i - 1],
                                   scalars["bvc_sigma"].GetDouble());
    meter.add(volume[i], share, [&](const vpin_bucket& x) {
      bought.push_back(x.bought);
      values.push_back(x.vpin);
    });
    // The golden value takes money for volume at the close.
    illiquidity = amihud.update(std::log(close[i] / close[i - 1]),
                                volume[i] * close[i]);
  }
  // The volume of all is that of fifty buckets, but for a rounding.
  CAF_CHECK(bought.size() >= 49);
  expected["buy"].resize(bought.size());
  expected["vpin"].resize(bought.size());
  judge.column("buy", bought, expected.at("buy"));
  judge.column("vpin", values, expected.at("vpin"));
  judge.relative("amihud", illiquidity, scalars["amihud_mean"].GetDouble());
}
