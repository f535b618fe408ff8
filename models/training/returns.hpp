// What is earned from a step on.

#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace qalpha {

/// @returns Σ discount^(u−t) · rewards[u] over u ≥ t, for each step t.
inline std::vector<double> returns_to_go(std::span<const double> rewards,
                                         double discount = 1) {
  std::vector<double> result(rewards.size());
  double sum = 0;
  for (auto t = rewards.size(); t-- > 0;) {
    sum = rewards[t] + discount * sum;
    result[t] = sum;
  }
  return result;
}

/// @returns the same over the next `steps` rewards only, fewer at the end.
/// @pre `steps > 0`
inline std::vector<double> multi_step_returns(std::span<const double> rewards,
                                              size_t steps,
                                              double discount = 1) {
  std::vector<double> result(rewards.size());
  for (size_t t = 0; t < rewards.size(); ++t) {
    double sum = 0;
    for (auto u = std::min(t + steps, rewards.size()); u-- > t;)
      sum = rewards[u] + discount * sum;
    result[t] = sum;
  }
  return result;
}

} // namespace qalpha
