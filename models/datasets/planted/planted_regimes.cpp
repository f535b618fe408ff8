#include "models/datasets/planted/planted_regimes.hpp"

namespace qalpha {

namespace {

constexpr uint64_t return_stream = 1;
constexpr uint64_t turn_stream = 2;

struct kind {
  double drift;
  double volatility;
};

kind kind_of(regime x, const planted_regimes& market) {
  auto v = market.volatility;
  switch (x) {
    case regime::bull:
      return {market.drift * v, v};
    case regime::bear:
      return {-market.drift * v, v};
    case regime::sideways:
      return {0, v / 2};
    case regime::high_volatility:
      return {0, v * 4};
  }
  return {0, v};
}

} // namespace

std::optional<fault> check(const planted_regimes& market) {
  if (market.shape.rows < 2 || market.shape.rows > 10'000'000)
    return fault{"rows: expected 2 to 10000000"};
  if (market.shortest == 0 || market.mean_length <= market.shortest)
    return fault{"shortest, mean_length: expected the mean above the shortest"};
  if (!(market.volatility >= 1e-6 && market.volatility <= 0.02))
    return fault{"volatility: expected 0.000001 to 0.02"};
  if (!(market.drift >= 0 && market.drift <= 2))
    return fault{"drift: expected 0 to 2"};
  return std::nullopt;
}

regime_history plant(const planted_regimes& market) {
  planted_bars bars{market.shape};
  seeded_random noise{market.shape.seed, return_stream};
  seeded_random turns{market.shape.seed, turn_stream};
  auto end = 1 / static_cast<double>(market.mean_length - market.shortest);
  regime_history result;
  auto now = static_cast<regime>(turns.below(regime_count));
  size_t length = 0;
  for (size_t i = 0; i < market.shape.rows; ++i) {
    if (++length > market.shortest && turns.uniform() < end) {
      auto next = static_cast<size_t>(now) + 1 + turns.below(regime_count - 1);
      now = static_cast<regime>(next % regime_count);
      length = 1;
    }
    auto how = kind_of(now, market);
    bars.add(how.drift + how.volatility * noise.normal(), how.volatility,
             noise.normal());
    result.truth.push_back(now);
  }
  result.rows = bars.take();
  return result;
}

} // namespace qalpha
