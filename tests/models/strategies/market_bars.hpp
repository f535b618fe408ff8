// Bars for tests of strategies.

#pragma once

#include "models/market/bar.hpp"

#include "tests/models/random.hpp"

#include <algorithm>
#include <vector>

namespace qalpha::test {

/// A random walk with flat stretches, in which ties are common, and jumps.
inline std::vector<bar> random_bars(dice& random, size_t count) {
  std::vector<bar> result;
  auto close = random(1'000, 10'000'000);
  auto step = std::max<int64_t>(close / random(50, 2'000), 1);
  for (size_t i = 0; i < count; ++i) {
    auto open = close;
    if (random.chance(80))
      close = std::max<int64_t>(close + random(-step, step), 1);
    if (random.chance(1))
      close = std::max<int64_t>(close + random(-20 * step, 20 * step), 1);
    auto high = std::max(open, close) + random(0, step);
    auto low = std::max<int64_t>(std::min(open, close) - random(0, step), 1);
    auto time = static_cast<int64_t>(i) * 60;
    result.push_back(
      {{time}, {time + 60}, {open}, {high}, {low}, {close}, {random(0, 100)}});
  }
  return result;
}

} // namespace qalpha::test
