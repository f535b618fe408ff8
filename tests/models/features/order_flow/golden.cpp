#define CAF_SUITE golden_order_flow

// Order flow on recorded rows against golden vectors.

#include "tests/models/features/golden_table.hpp"
#include "tests/models/features/order_flow/books.hpp"

#include "models/features/order_flow/integrated_flow.hpp"
#include "models/features/order_flow/level_flow.hpp"
#include "models/features/order_flow/micro_price.hpp"
#include "models/features/order_flow/price_impact.hpp"
#include "models/features/order_flow/trade_costs.hpp"
#include "models/features/order_flow/vpin.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr double tick = 0.1;
constexpr size_t levels = 5;
constexpr double tolerance = 1e-9;

/// Compares, and says at the end how much and how well.
class order_flow_judge {
public:
  ~order_flow_judge() {
    CAF_MESSAGE(judge_.columns << " columns and values, worst at "
                               << judge_.worst
                               << " of the tolerance: " << judge_.worst_name);
  }

  /// Undefined cells have to be undefined.
  void column(const std::string& name, const number_column& actual,
              const number_column& expected) {
    auto good = judge_.judge(name, actual, expected, tolerance);
    for (size_t row = 0; good && row < expected.size(); ++row)
      good = std::isnan(actual[row]) == std::isnan(expected[row]);
    if (!good)
      CAF_ERROR(name << " is off: " << judge_.worst_name);
  }

  void value(const std::string& name, double actual, double expected) {
    column(name, {actual}, {expected});
  }

  /// For values that are tiny.
  void relative(const std::string& name, double actual, double expected) {
    value(name, actual / expected, 1);
  }

private:
  golden_judge judge_;
};

int64_t ticks_of(double price, double size = tick) {
  return std::llround(price / size);
}

std::vector<book_top> golden_books() {
  auto table = golden_table("orderflow/book_l2.csv");
  std::vector<book_top> result(table.at("ts_us").size());
  for (size_t i = 0; i < levels; ++i) {
    auto level = std::to_string(i);
    for (size_t row = 0; row < result.size(); ++row) {
      result[row].bids[i] = {ticks_of(table.at("bp" + level)[row]),
                             table.at("bq" + level)[row]};
      result[row].asks[i] = {ticks_of(table.at("ap" + level)[row]),
                             table.at("aq" + level)[row]};
    }
  }
  return result;
}

template <class F>
number_column of_each(const std::vector<book_top>& books, F f) {
  number_column result;
  for (const auto& x : books)
    result.push_back(f(x));
  return result;
}

struct golden_buckets {
  std::vector<flow_bucket> flows;
  number_column mid_changes;
  number_column signed_volumes;
};

golden_buckets all_buckets() {
  auto books = golden_books();
  auto trades = golden_table("orderflow/trades.csv");
  golden_buckets result;
  flow_buckets sums{levels, 20};
  double signed_volume = 0;
  size_t trade = 0;
  auto mid = middle(books.front());
  for (size_t row = 0; row < books.size(); ++row) {
    for (; trade < trades["qty"].size()
           && trades["event_index"][trade] == static_cast<double>(row);
         ++trade)
      signed_volume += trades["qty"][trade] * trades["side"][trade];
    if (auto full = sums.update(books[row])) {
      result.flows.push_back(*full);
      result.mid_changes.push_back(middle(books[row]) - mid);
      result.signed_volumes.push_back(signed_volume);
      mid = middle(books[row]);
      signed_volume = 0;
    }
  }
  return result;
}

void check_line(order_flow_judge& judge, const rapidjson::Value& expected,
                const std::string& name, const fitted_line& line) {
  judge.value(name + " constant", line.constant,
              expected["params"][0].GetDouble());
  judge.value(name + " slope", line.slope, expected["params"][1].GetDouble());
  judge.value(name + " constant error", line.constant_error,
              expected["bse"][0].GetDouble());
  judge.value(name + " slope error", line.slope_error,
              expected["bse"][1].GetDouble());
  judge.value(name + " t", line.slope_t, expected["tvalues"][1].GetDouble());
  judge.value(name + " r2", line.explained, expected["r2"].GetDouble());
}

pair_moments pairs_of(const number_column& x, const number_column& y) {
  auto result = pair_moments::of(x[0], y[0]);
  for (size_t i = 1; i < x.size(); ++i)
    result = pair_moments::merged(result, pair_moments::of(x[i], y[i]));
  return result;
}

number_column times(number_column x, double factor) {
  for (auto& value : x)
    value *= factor;
  return x;
}

} // namespace

CAF_TEST(each_event_has_the_flow_and_the_prices_of_the_golden_vectors) {
  order_flow_judge judge;
  auto books = golden_books();
  auto expected = golden_table("orderflow/features_per_event.csv");
  order_flow flow{levels};
  std::array<number_column, levels> flows;
  number_column weighted;
  for (const auto& book : books) {
    auto now = flow.update(book);
    for (size_t i = 0; i < levels; ++i)
      flows[i].push_back(now ? (*now)[i] : undefined);
    weighted.push_back(now ? depth_weighted_flow(*now) : undefined);
  }
  for (size_t i = 0; i < levels; ++i) {
    auto name = "ofi_l" + std::to_string(i);
    judge.column(name, flows[i], expected.at(name));
  }
  judge.column("ofi_exp_weighted_0p5", weighted,
               expected.at("ofi_exp_weighted_0p5"));
  auto column = [&](const std::string& name, auto f) {
    judge.column(name, of_each(books, f), expected.at(name));
  };
  column("mid", [](const auto& x) { return middle(x) * tick; });
  column("weighted_mid",
         [](const auto& x) { return weighted_middle(x) * tick; });
  column("imbalance_l1", [](const auto& x) { return queue_imbalance(x); });
  column("imbalance_l5",
         [](const auto& x) { return queue_imbalance(x, levels); });
  column("quoted_spread",
         [](const auto& x) { return quoted_spread(x) * tick; });
  column("quoted_spread_bps",
         [](const auto& x) { return relative_spread(x) * 1e4; });
  column("vwap_book_mid_l5",
         [](const auto& x) { return depth_price(x, levels) * tick; });
}

CAF_TEST(buckets_have_the_flow_and_the_component_of_the_golden_vectors) {
  order_flow_judge judge;
  auto expected = golden_table("orderflow/features_per_bucket.csv");
  auto scalars = golden_json("orderflow/scalars.json");
  auto buckets = all_buckets();
  std::vector<level_flows> normalised;
  for (const auto& bucket : buckets.flows)
    normalised.push_back(bucket.normalised());
  for (size_t i = 0; i < levels; ++i) {
    number_column sums;
    number_column scaled;
    for (size_t row = 0; row < normalised.size(); ++row) {
      sums.push_back(buckets.flows[row].sums[i]);
      scaled.push_back(normalised[row][i]);
    }
    auto level = std::to_string(i);
    judge.column("ofi_sum_l" + level, sums, expected.at("ofi_sum_l" + level));
    judge.column("ofi_norm_l" + level, scaled,
                 expected.at("ofi_norm_l" + level));
  }
  number_column depths;
  for (const auto& bucket : buckets.flows)
    depths.push_back(bucket.depth);
  judge.column("depth_Q", depths, expected.at("depth_Q"));
  judge.column("mid_change_ticks", buckets.mid_changes,
               expected.at("mid_change_ticks"));
  judge.column("signed_volume", buckets.signed_volumes,
               expected.at("signed_volume"));
  auto component = integrated_flow::fit(normalised, levels);
  CAF_REQUIRE(component);
  auto& weights = scalars["pca_weights_l1_normalised"];
  for (size_t i = 0; i < levels; ++i)
    judge.value("weight " + std::to_string(i), component->weights()[i],
                weights[static_cast<rapidjson::SizeType>(i)].GetDouble());
  judge.value("explained", component->explained(),
              scalars["pca_explained_ratio"].GetDouble());
  number_column integrated;
  for (const auto& flows : normalised)
    integrated.push_back(component->apply(flows));
  judge.column("integrated_ofi", integrated, expected.at("integrated_ofi"));
}

CAF_TEST(impact_is_fitted_as_in_the_golden_vectors) {
  order_flow_judge judge;
  auto scalars = golden_json("orderflow/scalars.json");
  auto table = golden_table("orderflow/features_per_bucket.csv");
  auto buckets = all_buckets();
  number_column best;
  for (const auto& bucket : buckets.flows)
    best.push_back(bucket.sums[0]);
  check_line(judge, scalars["cont_regression_mid_ticks_on_ofi_l1"], "cont",
             line_of(pairs_of(best, buckets.mid_changes)));
  check_line(
    judge, scalars["integrated_ofi_regression"], "integrated",
    line_of(pairs_of(table.at("integrated_ofi"), buckets.mid_changes)));
  auto changes = times(buckets.mid_changes, tick);
  kyle_lambda kyle{changes.size()};
  fitted_line last{};
  for (size_t i = 0; i < changes.size(); ++i)
    last = kyle.update(buckets.signed_volumes[i], changes[i]);
  check_line(judge, scalars["kyle_lambda_with_const"], "kyle", last);
  auto origin = line_through_origin(pairs_of(buckets.signed_volumes, changes));
  auto& expected = scalars["kyle_lambda_no_const"];
  judge.value("origin slope", origin.slope, expected["params"][0].GetDouble());
  judge.value("origin error", origin.slope_error,
              expected["bse"][0].GetDouble());
  judge.value("origin t", origin.slope_t, expected["tvalues"][0].GetDouble());
  judge.value("origin r2", origin.explained, expected["r2"].GetDouble());
}

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
    costs.add_middle(event, middle(books[row]) * tick, tell);
    for (; trade < prices.size()
           && trades.at("event_index")[trade] == static_cast<double>(row);
         ++trade) {
      guesses.push_back(
        quotes.update(prices[trade], middle(books[row]) * tick));
      directions.push_back(ticks.tick_rule(prices[trade]));
      auto sign = static_cast<trade_sign>(trades.at("side")[trade]);
      CAF_CHECK(costs.add_trade(event, sign, prices[trade]));
    }
  }
  // The golden horizon ends with the recording.
  costs.settle(static_cast<int64_t>(books.size()) + 30, tell);
  std::array<number_column, 3> columns;
  for (const auto& x : told) {
    columns[0].push_back(x.effective);
    columns[1].push_back(x.realised);
    columns[2].push_back(x.impact);
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

CAF_TEST(the_micro_price_is_estimated_as_by_its_author) {
  order_flow_judge judge;
  auto quotes = golden_table("orderflow/microprice_l1.csv");
  auto expected = golden_json("orderflow/microprice.json");
  auto size = expected["tick"].GetDouble();
  std::vector<double> edges;
  for (auto& edge : expected["imbalance_bucket_edges"].GetArray())
    edges.push_back(edge.GetDouble());
  auto buckets = expected["n_imb"].GetUint();
  auto spreads = expected["n_spread"].GetUint();
  std::vector<book_top> books;
  std::vector<double> all_shares;
  std::vector<double> shares;
  for (size_t row = 0; row < quotes.at("bid").size(); ++row) {
    auto bid = quotes.at("bid")[row];
    auto ask = quotes.at("ask")[row];
    auto book = book_of({{ticks_of(bid, size), quotes.at("bs")[row]}},
                        {{ticks_of(ask, size), quotes.at("as")[row]}});
    all_shares.push_back(queue_share(book));
    // The author's comparison is one of floating point, which passes over a
    // fifth of the books with the widest spread.
    if (ask - bid <= spreads * size) {
      books.push_back(book);
      shares.push_back(queue_share(book));
    }
  }
  auto told = micro_price_states::quantiles(all_shares, buckets, spreads);
  auto states = micro_price_states::quantiles(shares, buckets, spreads);
  CAF_REQUIRE(told);
  CAF_REQUIRE(states);
  judge.column("edges", told->edges, {edges.begin() + 1, edges.end() - 1});
  micro_price_counts counts{*states};
  for (const auto& book : books)
    counts.add(book);
  judge.value("rows", 2 * static_cast<double>(counts.transitions()),
              expected["n_rows_symmetrised"].GetDouble());
  auto result = counts.estimate();
  CAF_REQUIRE(result);
  auto table = [&](const char* name, const std::vector<double>& actual,
                   double unit) {
    number_column all;
    for (auto& row : expected[name].GetArray()) {
      if (row.IsArray())
        for (auto& x : row.GetArray())
          all.push_back(x.GetDouble());
      else
        all.push_back(row.GetDouble());
    }
    judge.column(name, times(actual, unit), all);
  };
  table("Q", result->stay, 1);
  table("R1", result->move, 1);
  table("R2", result->arrive, 1);
  table("B", result->after_move, 1);
  table("G1", result->first_move, size);
  // The author adds up six terms; ours go on until nothing changes.
  auto n = states->count();
  auto term = result->first_move;
  auto sum = term;
  number_column partial;
  for (size_t i = 0; i < 6; ++i) {
    for (auto x : sum)
      partial.push_back(x);
    std::vector<double> next(n);
    for (size_t row = 0; row < n; ++row)
      for (size_t j = 0; j < n; ++j)
        next[row] += result->after_move[row * n + j] * term[j];
    term = next;
    for (size_t row = 0; row < n; ++row)
      sum[row] += term[row];
  }
  table("G_after_k_terms", partial, size);
  for (size_t row = 0; row < n; ++row)
    CAF_CHECK(std::abs(result->all_moves[row] - sum[row]) < 1e-3);
}
