#include "models/datasets/behaviour.hpp"

#include <cmath>

namespace qalpha {

namespace {

double log_return(std::span<const double> closes, size_t from, size_t to) {
  return std::log(closes[to] / closes[from]);
}

/// Deviation of one-bar returns up to `row`, so that positions of quiet and of
/// wild markets are alike.
double deviation_before(std::span<const double> closes, size_t row,
                        size_t lookback) {
  double squares = 0;
  for (size_t back = 0; back < lookback; ++back) {
    auto r = log_return(closes, row - back - 1, row - back);
    squares += r * r;
  }
  return std::sqrt(squares / static_cast<double>(lookback));
}

double momentum_at(std::span<const double> closes, size_t row,
                   size_t lookback) {
  auto moved = log_return(closes, row - lookback, row);
  auto deviation = deviation_before(closes, row, lookback)
                   * std::sqrt(static_cast<double>(lookback));
  return deviation > 0 ? std::tanh(moved / deviation) : 0;
}

double oracle_at(std::span<const double> closes, size_t row,
                 const behaviour_settings& settings, seeded_random& random) {
  auto comes = log_return(closes, row, row + settings.foresight);
  auto side = comes > 0 ? 1.0 : -1.0;
  return random.uniform() < settings.oracle_errors ? -side : side;
}

} // namespace

std::vector<double> positions_of(behaviour who,
                                 const behaviour_settings& settings,
                                 std::span<const double> closes, size_t first,
                                 size_t steps, seeded_random& random) {
  std::vector<double> result;
  auto held = 2 * random.uniform() - 1;
  for (size_t i = 0; i < steps; ++i) {
    auto row = first + i;
    switch (who) {
      case behaviour::momentum:
        result.push_back(momentum_at(closes, row, settings.lookback));
        break;
      case behaviour::mean_reversion:
        result.push_back(-momentum_at(closes, row, settings.lookback));
        break;
      case behaviour::buy_and_hold:
        result.push_back(1);
        break;
      case behaviour::random:
        if (random.uniform() < settings.restlessness)
          held = 2 * random.uniform() - 1;
        result.push_back(held);
        break;
      case behaviour::oracle:
        result.push_back(oracle_at(closes, row, settings, random));
        break;
    }
  }
  return result;
}

behaviour draw_behaviour(const behaviour_settings& settings,
                         seeded_random& random) {
  auto place = random.uniform();
  for (size_t i = 0; i + 1 < behaviour_count; ++i) {
    place -= settings.shares[i];
    if (place < 0)
      return static_cast<behaviour>(i);
  }
  return static_cast<behaviour>(behaviour_count - 1);
}

} // namespace qalpha
