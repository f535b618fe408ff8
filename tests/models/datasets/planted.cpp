#define CAF_SUITE datasets.planted

#include "models/datasets/planted/planted_regimes.hpp"
#include "models/datasets/planted/planted_signal.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <set>

using namespace qalpha;

namespace {

const std::vector<double>& column(const market_rows& rows, const char* name) {
  return rows.columns[market_column_index(name)];
}

std::vector<double> returns_of(const market_rows& rows, size_t ahead) {
  std::vector<double> result;
  const auto& closes = column(rows, "close");
  for (size_t i = 0; i + ahead < closes.size(); ++i)
    result.push_back(std::log(closes[i + ahead] / closes[i]));
  return result;
}

/// What takers wanted, found again from the bars.
std::vector<double> signal_of(const market_rows& rows) {
  std::vector<double> result;
  for (size_t i = 0; i < rows.rows(); ++i) {
    auto share = column(rows, "taker_buy_volume")[i]
                 / column(rows, "volume")[i];
    result.push_back(2 * std::log(share / (1 - share)));
  }
  return result;
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  auto n = static_cast<double>(std::min(x.size(), y.size()));
  double sx = 0, sy = 0, xx = 0, yy = 0, xy = 0;
  for (size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    sx += x[i];
    sy += y[i];
    xx += x[i] * x[i];
    yy += y[i] * y[i];
    xy += x[i] * y[i];
  }
  return (xy - sx * sy / n)
         / std::sqrt((xx - sx * sx / n) * (yy - sy * sy / n));
}

} // namespace

CAF_TEST(the_best_forecast_has_the_correlation_of_the_closed_form) {
  planted_signal market;
  market.shape.rows = 200'000;
  market.correlation = 0.25;
  auto rows = plant(market);
  auto signal = signal_of(rows);
  for (size_t ahead : {1, 4, 12}) {
    auto expected = attainable_correlation(market, ahead);
    auto found = correlation(signal, returns_of(rows, ahead));
    CAF_MESSAGE(ahead << " bars: " << expected << ", found " << found);
    CAF_CHECK(std::abs(found - expected) < 0.02);
  }
  CAF_CHECK(std::abs(attainable_correlation(market, 1) - 0.25) < 1e-12);
}

CAF_TEST(volatility_clusters_and_a_random_walk_has_no_signal) {
  planted_signal market;
  market.shape.rows = 100'000;
  market.correlation = 0;
  auto rows = plant(market);
  auto returns = returns_of(rows, 1);
  CAF_CHECK(std::abs(correlation(signal_of(rows), returns)) < 0.012);
  auto squares = returns;
  for (auto& x : squares)
    x *= x;
  std::vector<double> later(squares.begin() + 1, squares.end());
  CAF_CHECK(correlation(squares, later) > 0.1);
  CAF_CHECK_EQUAL(attainable_correlation(market, 5), 0);
}

CAF_TEST(bars_are_possible_and_repeat_with_their_seed) {
  planted_signal market;
  market.shape.rows = 2'000;
  auto rows = plant(market);
  for (size_t i = 0; i < rows.rows(); ++i) {
    auto low = column(rows, "low")[i];
    auto high = column(rows, "high")[i];
    for (auto name : {"open", "close"})
      CAF_CHECK(column(rows, name)[i] >= low && column(rows, name)[i] <= high);
    CAF_CHECK(low > 0);
    CAF_CHECK(column(rows, "taker_buy_volume")[i] <= column(rows, "volume")[i]);
  }
  CAF_CHECK(plant(market).columns == rows.columns);
  market.shape.seed = 2;
  CAF_CHECK(plant(market).columns != rows.columns);
}

CAF_TEST(regimes_have_their_returns_and_take_turns) {
  planted_regimes market;
  market.shape.rows = 60'000;
  auto history = plant(market);
  CAF_REQUIRE_EQUAL(history.truth.size(), history.rows.rows());
  auto returns = returns_of(history.rows, 1);
  std::array<double, regime_count> sum{}, squares{}, count{};
  std::set<size_t> lengths;
  size_t length = 1;
  for (size_t i = 1; i < history.truth.size(); ++i) {
    auto k = static_cast<size_t>(history.truth[i]);
    sum[k] += returns[i - 1];
    squares[k] += returns[i - 1] * returns[i - 1];
    ++count[k];
    if (history.truth[i] == history.truth[i - 1]) {
      ++length;
    } else {
      lengths.insert(length);
      length = 1;
    }
  }
  CAF_CHECK(*lengths.begin() >= 100u);
  for (size_t k = 0; k < regime_count; ++k) {
    sum[k] /= count[k];
    squares[k] = std::sqrt(squares[k] / count[k] - sum[k] * sum[k]);
  }
  CAF_CHECK(std::abs(sum[0] - 0.0025) < 3e-4);
  CAF_CHECK(std::abs(sum[1] + 0.0025) < 3e-4);
  CAF_CHECK(std::abs(squares[2] - 0.0025) < 1e-4);
  CAF_CHECK(std::abs(squares[3] - 0.02) < 5e-4);
}

CAF_TEST(markets_that_cannot_be_are_faults) {
  planted_signal signal;
  CAF_CHECK(!check(signal));
  signal.memory = 0.95;
  CAF_CHECK(check(signal));
  planted_regimes regimes;
  CAF_CHECK(!check(regimes));
  regimes.mean_length = 50;
  CAF_CHECK(check(regimes));
}
