#include "models/execution/quantile_kelly.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace qalpha {

namespace {

std::vector<double> probabilities(std::span<const double> levels) {
  std::vector<double> result;
  double below = 0;
  for (size_t i = 0; i < levels.size(); ++i) {
    auto above = i + 1 == levels.size() ? 1 : (levels[i] + levels[i + 1]) / 2;
    result.push_back(above - below);
    below = above;
  }
  return result;
}

class growth_of {
public:
  growth_of(std::span<const double> levels, std::span<const double> returns,
            double cost)
    : weights_(probabilities(levels)), returns_(returns), cost_(cost) {
    // nop
  }

  double operator()(double share) const noexcept {
    double result = 0;
    for (size_t i = 0; i < weights_.size(); ++i) {
      auto wealth = 1 + share * returns_[i] - std::abs(share) * cost_;
      if (wealth <= 0)
        return -std::numeric_limits<double>::infinity();
      result += weights_[i] * std::log(wealth);
    }
    return result;
  }

  double mean() const noexcept {
    double result = 0;
    for (size_t i = 0; i < weights_.size(); ++i)
      result += weights_[i] * returns_[i];
    return result;
  }

private:
  std::vector<double> weights_;
  std::span<const double> returns_;
  double cost_;
};

/// Golden section: growth has one peak on each side of zero.
double peak(const growth_of& growth, double low, double high) {
  constexpr double ratio = 1 / std::numbers::phi;
  constexpr double close_enough = 1e-10;
  auto left = high - ratio * (high - low);
  auto right = low + ratio * (high - low);
  auto at_left = growth(left);
  auto at_right = growth(right);
  while (high - low > close_enough) {
    // Ruin on both sides: what is bearable is near zero.
    auto go_left = at_left > at_right
                   || (at_left == at_right && std::isinf(at_left) && low >= 0);
    if (go_left) {
      high = right;
      right = left;
      at_right = at_left;
      left = high - ratio * (high - low);
      at_left = growth(left);
    } else {
      low = left;
      left = right;
      at_left = at_right;
      right = low + ratio * (high - low);
      at_right = growth(right);
    }
  }
  return (low + high) / 2;
}

} // namespace

kelly_share quantile_kelly(std::span<const double> levels,
                           std::span<const double> returns,
                           const quantile_kelly_settings& settings) {
  growth_of growth{levels, returns, settings.round_trip_cost};
  kelly_share result{.mean = growth.mean()};
  for (auto share :
       {peak(growth, 0, settings.cap), peak(growth, -settings.cap, 0)})
    if (auto value = growth(share); value > result.growth) {
      result.growth = value;
      result.share = share;
    }
  return result;
}

} // namespace qalpha
