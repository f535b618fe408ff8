#define CAF_SUITE fracdiff_golden

#include "tests/models/golden_table.hpp"

#include "models/features/catalogue.hpp"
#include "models/features/fracdiff/column.hpp"
#include "models/features/fracdiff/smallest_order.hpp"
#include "models/features/fracdiff/unit_root.hpp"
#include "models/features/fracdiff/weights.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr std::string_view regressions[] = {"n", "c", "ct", "ctt"};

adf_regression regression_of(std::string_view name) {
  auto at = std::find(std::begin(regressions), std::end(regressions), name);
  return static_cast<adf_regression>(at - std::begin(regressions));
}

adf_options options_of(const rapidjson::Value& x) {
  adf_options result;
  result.regression = regression_of(x["regression"].GetString());
  std::string rule = x["autolag"].IsNull() ? "" : x["autolag"].GetString();
  result.lag_rule = rule == "AIC"   ? adf_lag_rule::aic
                    : rule == "BIC" ? adf_lag_rule::bic
                    : rule.empty()  ? adf_lag_rule::fixed
                                    : adf_lag_rule::t_statistic;
  if (!x["maxlag"].IsNull())
    result.max_lag = x["maxlag"].GetUint();
  return result;
}

/// @returns the difference relative to what is expected.
double relative(double is, double expected) {
  return std::abs(is - expected) / (expected == 0 ? 1 : std::abs(expected));
}

std::vector<double> by_the_feature(const std::vector<double>& logs, double d,
                                   double threshold) {
  auto entry = find_feature("fracdiff");
  std::vector values{d, threshold};
  auto made = entry->make(values);
  CAF_REQUIRE(made);
  std::vector<double> prices(logs.size());
  std::vector<double> result(logs.size());
  for (size_t i = 0; i < logs.size(); ++i)
    prices[i] = std::exp(logs[i]);
  const double* in = prices.data();
  double* out = result.data();
  made->object->update(&in, &out, logs.size());
  return result;
}

} // namespace

CAF_TEST(weights_are_those_of_the_book) {
  for (const auto& set : golden_sets()) {
    golden_count count{1e-12};
    auto cases = golden_json(set + "fracdiff/weights.json");
    for (const auto& x : cases["cases"].GetArray()) {
      auto weights = fracdiff_weights(x["d"].GetDouble(),
                                      x["thres"].GetDouble());
      CAF_REQUIRE(weights);
      CAF_CHECK_EQUAL(weights->size(), x["n_weights"].GetUint());
      auto first = numbers_of(x["lag0_to_lagN"]);
      CAF_CHECK(
        count.add_all({weights->begin(),
                       weights->begin() + static_cast<ptrdiff_t>(first.size())},
                      first));
      auto last = numbers_of(x["tail"]);
      CAF_CHECK(count.add_all(
        {weights->end() - static_cast<ptrdiff_t>(last.size()), weights->end()},
        last));
    }
    CAF_CHECK(!count.nothing());
    CAF_MESSAGE("weights: " << count.text());
  }
}

CAF_TEST(columns_are_those_of_the_book) {
  for (const auto& set : golden_sets()) {
    golden_count feature{1e-9};
    golden_count column{1e-9};
    auto table = golden_table(set + "fracdiff/series.csv");
    auto cases = golden_json(set + "fracdiff/series_meta.json");
    for (const auto& x : cases.GetArray()) {
      auto logs = without_empty_end(table[x["series"].GetString()]);
      auto expected = without_empty_end(table[x["id"].GetString()]);
      auto d = x["d"].GetDouble();
      auto threshold = x["thres"].GetDouble();
      CAF_CHECK(feature.add_all(by_the_feature(logs, d, threshold), expected));
      auto batch = fracdiff_column(logs, d, threshold);
      CAF_REQUIRE(batch);
      CAF_CHECK(column.add_all(*batch, expected));
    }
    CAF_CHECK(!feature.nothing());
    CAF_MESSAGE("feature: " << feature.text());
    CAF_MESSAGE("column:  " << column.text());
  }
}

CAF_TEST(the_unit_root_test_is_that_of_statsmodels) {
  for (const auto& set : golden_sets()) {
    golden_count statistics{1e-7};
    golden_count p_values{1e-7};
    golden_count criteria{1e-7};
    golden_count critical{1e-9};
    auto table = golden_table(set + "fracdiff/adf_inputs.csv");
    auto cases = golden_json(set + "fracdiff/adf.json");
    for (const auto& x : cases["cases"].GetArray()) {
      auto series = table[x["series"].GetString()];
      series.resize(x["n"].GetUint());
      auto result = adf_test(series, options_of(x));
      CAF_REQUIRE(result);
      CAF_CHECK_EQUAL(result->lag, x["usedlag"].GetUint());
      CAF_CHECK_EQUAL(result->observations, x["nobs"].GetUint());
      CAF_CHECK(
        statistics.add(relative(result->statistic, number_of(x["stat"]))));
      CAF_CHECK(p_values.add(result->p_value, number_of(x["pvalue"])));
      const auto& at = x["crit"];
      for (size_t i = 0; i < 3; ++i)
        CAF_CHECK(
          critical.add(result->critical_values[i],
                       at[std::array{"1%", "5%", "10%"}[i]].GetDouble()));
      CAF_CHECK_EQUAL(result->criterion.has_value(), !x["icbest"].IsNull());
      // That of a perfect fit is rounding noise.
      if (result->criterion && result->outcome == adf_outcome::tested)
        CAF_CHECK(
          criteria.add(relative(*result->criterion, x["icbest"].GetDouble())));
    }
    CAF_CHECK(!statistics.nothing());
    CAF_MESSAGE("statistic, relative: " << statistics.text());
    CAF_MESSAGE("p-value:             " << p_values.text());
    CAF_MESSAGE("criterion, relative: " << criteria.text());
    CAF_MESSAGE("critical values:     " << critical.text());
  }
}

CAF_TEST(p_and_critical_values_are_those_of_mackinnon) {
  for (const auto& set : golden_sets()) {
    golden_count p_values{1e-9};
    golden_count critical{1e-9};
    auto table = golden_table(set + "fracdiff/mackinnonp.csv");
    auto surfaces = golden_json(set + "fracdiff/mackinnoncrit.json");
    for (auto name : regressions) {
      auto which = regression_of(name);
      std::vector<double> ours;
      for (auto tau : table["tau"])
        ours.push_back(mackinnon_p_value(tau, which));
      CAF_CHECK(p_values.add_all(ours, table[std::string{name}]));
      const auto& sizes = surfaces[std::string{name}.c_str()];
      for (const auto& [size, expected] : sizes.GetObject()) {
        auto values = mackinnon_critical_values(which,
                                                std::stoul(size.GetString()));
        CAF_CHECK(critical.add_all({values.begin(), values.end()},
                                   numbers_of(expected)));
      }
    }
    CAF_MESSAGE("p-values: " << p_values.text());
    CAF_MESSAGE("critical: " << critical.text());
  }
}

CAF_TEST(each_order_tried_is_as_the_book_and_statsmodels_have_it) {
  for (const auto& set : golden_sets()) {
    golden_count correlations{1e-9};
    golden_count statistics{1e-7};
    auto table = golden_table(set + "fracdiff/series.csv");
    auto cases = golden_json(set + "fracdiff/min_d.json");
    auto compare = [&](const auto& grid, const tried_order& by_one_lag,
                       const tried_order& by_aic) {
      CAF_CHECK_EQUAL(by_aic.window, grid["width"].GetUint());
      CAF_CHECK(correlations.add(by_aic.correlation, grid["corr"].GetDouble()));
      for (auto [name, ours] : {std::pair{"book_maxlag1", &by_one_lag},
                                std::pair{"aic", &by_aic}}) {
        const auto& expected = grid[name];
        CAF_REQUIRE(ours->test);
        CAF_CHECK_EQUAL(ours->test->lag, expected["usedlag"].GetUint());
        CAF_CHECK_EQUAL(ours->test->observations, expected["nobs"].GetUint());
        CAF_CHECK(statistics.add(
          relative(ours->test->statistic, expected["stat"].GetDouble())));
        CAF_CHECK(
          statistics.add(ours->test->p_value, expected["p"].GetDouble()));
      }
    };
    for (const auto& grid : cases["grid"].GetArray()) {
      auto logs = without_empty_end(
        table[std::string{grid["series"].GetString()} + ".logclose"]);
      auto tenth = static_cast<size_t>(std::lround(grid["d"].GetDouble() * 10));
      auto book = search_of_the_book();
      book.threshold = grid["thres"].GetDouble();
      auto ours = book;
      ours.test = {};
      auto a = find_smallest_order(logs, book);
      auto b = find_smallest_order(logs, ours);
      if (!a || !b)
        CAF_FAIL(grid["series"].GetString()
                 << ": " << (a ? b : a).error().text);
      compare(grid, a->tried[tenth], b->tried[tenth]);
    }
    CAF_CHECK(!statistics.nothing());
    CAF_MESSAGE("correlation: " << correlations.text());
    CAF_MESSAGE("test:        " << statistics.text());
  }
}
