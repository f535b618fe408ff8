// Series for tests of wavelets.

#pragma once

#include <cmath>
#include <random>
#include <vector>

namespace qalpha::test {

/// Independent normal values.
inline std::vector<double> noise(uint64_t seed, size_t size,
                                 double deviation = 1) {
  std::mt19937_64 random{seed};
  std::normal_distribution<double> normal{0, deviation};
  std::vector<double> result(size);
  for (auto& x : result)
    x = normal(random);
  return result;
}

/// A wave of that length, the size of its swing 1.
inline std::vector<double> wave(size_t size, double length) {
  std::vector<double> result(size);
  for (size_t i = 0; i < size; ++i)
    result[i] = std::sin(2 * std::acos(-1.0) * static_cast<double>(i) / length);
  return result;
}

} // namespace qalpha::test
