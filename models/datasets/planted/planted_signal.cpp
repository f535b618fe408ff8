#include "models/datasets/planted/planted_signal.hpp"

#include <cmath>

namespace qalpha {

namespace {

constexpr uint64_t return_stream = 1;
constexpr uint64_t signal_stream = 2;

double noise_variance(const planted_signal& market) {
  auto c = market.correlation;
  return (1 - c * c) * market.deviation * market.deviation;
}

} // namespace

std::optional<fault> check(const planted_signal& market) {
  auto within = [](double x, double low, double high) {
    return x >= low && x <= high;
  };
  if (market.shape.rows < 2 || market.shape.rows > 10'000'000)
    return fault{"rows: expected 2 to 10000000"};
  if (!within(market.correlation, 0, 0.99))
    return fault{"correlation: expected 0 to 0.99"};
  if (!within(market.persistence, 0, 0.999))
    return fault{"persistence: expected 0 to 0.999"};
  if (!within(market.deviation, 1e-6, 0.1))
    return fault{"deviation: expected 0.000001 to 0.1"};
  if (!within(market.shock, 0, 1) || !within(market.memory, 0, 1)
      || market.shock + market.memory > 0.99)
    return fault{"shock, memory: expected a sum of at most 0.99"};
  return std::nullopt;
}

market_rows plant(const planted_signal& market) {
  planted_bars bars{market.shape};
  seeded_random noise{market.shape.seed, return_stream};
  seeded_random takers{market.shape.seed, signal_stream};
  auto mean = noise_variance(market);
  auto variance = mean;
  auto pull = market.correlation * market.deviation;
  auto fresh = std::sqrt(1 - market.persistence * market.persistence);
  auto before = takers.normal();
  for (size_t i = 0; i < market.shape.rows; ++i) {
    auto volatility = std::sqrt(variance);
    auto shock = volatility * noise.normal();
    auto now = market.persistence * before + fresh * takers.normal();
    bars.add(pull * before + shock, volatility, now);
    variance = (1 - market.shock - market.memory) * mean
               + market.shock * shock * shock + market.memory * variance;
    before = now;
  }
  return bars.take();
}

double attainable_correlation(const planted_signal& market, size_t ahead) {
  auto p = market.persistence;
  auto n = static_cast<double>(ahead);
  double effect = 0;
  double sum_variance = n;
  for (size_t i = 0; i < ahead; ++i) {
    auto k = static_cast<double>(i);
    effect += std::pow(p, k);
    if (i > 0)
      sum_variance += 2 * (n - k) * std::pow(p, k);
  }
  auto a = market.correlation * market.deviation;
  return a * effect
         / std::sqrt(a * a * sum_variance + n * noise_variance(market));
}

} // namespace qalpha
