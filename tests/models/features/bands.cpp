#define CAF_SUITE bands

// Where other implementations lose the digits that count.

#include "tests/models/features/generated_rows.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

number_table columns_of(const feature_request& request,
                        const number_table& market) {
  feature_spec spec;
  spec.features.push_back(request);
  auto plan = *feature_plan::make(spec);
  feature_pipeline pipeline{plan};
  return run_at_once(pipeline, sources_of(plan, market));
}

number_column& column(number_table& market, std::string_view name) {
  return market.columns[market_column_index(name)];
}

/// A market at `price` that moves by less than `spread`.
number_table narrow_market(double price, double spread, size_t rows) {
  std::mt19937_64 random{17};
  std::uniform_real_distribution<double> uniform{-spread, spread};
  auto result = generated_rows(1, rows);
  for (size_t row = 0; row < rows; ++row) {
    auto close = price + uniform(random);
    column(result, "open")[row] = close;
    column(result, "high")[row] = close;
    column(result, "low")[row] = close;
    column(result, "close")[row] = close;
  }
  return result;
}

/// Deviation of the population in twice the digits.
long double exact_deviation(const number_column& x, size_t row, size_t length,
                            const number_column* weights = nullptr) {
  long double sum = 0;
  long double squares = 0;
  long double all = 0;
  for (auto i = row + 1 - length; i <= row; ++i) {
    long double weight = weights == nullptr ? 1 : (*weights)[i];
    auto t = static_cast<long double>(x[i]) - x[row];
    all += weight;
    sum += weight * t;
    squares += weight * t * t;
  }
  return std::sqrt(squares / all - sum / all * (sum / all));
}

} // namespace

CAF_TEST(bollinger_is_exact_where_the_price_is_high_and_the_spread_tiny) {
  for (auto spread : {1e-6, 1e-3, 1.0, 1e3}) {
    auto market = narrow_market(1e5, spread, 3'000);
    for (auto period : {2.0, 5.0, 20.0, 33.0, 200.0}) {
      auto out = columns_of(
        {"bollinger", "x", {}, {{"period", period}, {"above", 100}}}, market);
      auto& close = column(market, "close");
      for (auto row = static_cast<size_t>(period); row < 3'000; row += 11) {
        // The band itself is rounded at the size of the price.
        auto found = (out.columns[0][row] - out.columns[1][row]) / 100;
        auto exact = static_cast<double>(
          exact_deviation(close, row, static_cast<size_t>(period)));
        if (!(std::abs(found - exact) <= 1e-12 * exact + 1e-12))
          CAF_FAIL("spread " << spread << ", period " << period << ": " << found
                             << ", not " << exact);
      }
    }
  }
  CAF_CHECK(true);
}

CAF_TEST(a_price_that_stands_still_has_no_deviation_and_no_index) {
  // 100.1 has no exact sum.
  auto market = narrow_market(100.1, 0, 2'000);
  for (size_t row = 0; row < 500; ++row)
    for (auto name : {"open", "high", "low", "close"})
      column(market, name)[row] += row % 2 == 0 ? 1 : 7;
  auto last = [&](const char* feature, size_t output) {
    return columns_of({feature, "x", {}, {}}, market).columns[output].back();
  };
  CAF_CHECK_EQUAL(last("bollinger", 0), last("bollinger", 2));
  CAF_CHECK_EQUAL(last("bollinger", 1), 100.1);
  CAF_CHECK_EQUAL(last("ema", 0), 100.1);
  CAF_CHECK_EQUAL(last("cci", 0), 0.0);
  CAF_CHECK_EQUAL(last("stochastic", 0), 0.0);
  CAF_CHECK_EQUAL(last("williams_r", 0), 0.0);
}

CAF_TEST(a_wild_price_leaves_no_error_behind) {
  auto market = narrow_market(100, 1, 3'000);
  auto wild = market;
  for (auto name : {"open", "high", "low", "close"})
    column(wild, name)[1'000] = 1e15;
  for (auto feature : {"sma", "bollinger", "cci", "stochastic", "mfi",
                       "vwap_rolling", "ichimoku"}) {
    auto before = columns_of({feature, "x", {}, {}}, market);
    auto after = columns_of({feature, "x", {}, {}}, wild);
    CAF_CHECK(same_bits(before.columns[0][1'200], after.columns[0][1'200]));
  }
}

CAF_TEST(vwap_bands_are_exact_in_a_narrow_market) {
  auto market = narrow_market(1e5, 1e-3, 1'000);
  number_column typical;
  for (size_t row = 0; row < market.rows(); ++row)
    typical.push_back((column(market, "high")[row] + column(market, "low")[row]
                       + column(market, "close")[row])
                      / 3);
  auto& volume = column(market, "volume");
  auto session = columns_of({"vwap", "x", {}, {{"width", 100}}}, market);
  auto rolling = columns_of({"vwap_rolling", "x", {}, {{"width", 100}}},
                            market);
  for (size_t row = 20; row < market.rows(); row += 13) {
    auto of_day
      = static_cast<double>(exact_deviation(typical, row, row + 1, &volume));
    auto of_window
      = static_cast<double>(exact_deviation(typical, row, 14, &volume));
    auto day = (session.columns[1][row] - session.columns[0][row]) / 100;
    auto window = (rolling.columns[1][row] - rolling.columns[0][row]) / 100;
    CAF_REQUIRE(std::abs(day - of_day) <= 1e-9 * of_day + 1e-12);
    CAF_REQUIRE(std::abs(window - of_window) <= 1e-9 * of_window + 1e-12);
  }
}
