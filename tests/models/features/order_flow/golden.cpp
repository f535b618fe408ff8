#define CAF_SUITE golden_order_flow

// Order flow on recorded rows against golden vectors.

#include "tests/models/features/order_flow/golden_books.hpp"

#include "models/features/order_flow/integrated_flow.hpp"
#include "models/features/order_flow/level_flow.hpp"
#include "models/features/order_flow/micro_price.hpp"
#include "models/features/order_flow/price_impact.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr size_t levels = golden_levels;

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
