// Small histories for the tests of training.

#pragma once

#include "models/datasets/market_rows.hpp"
#include "models/datasets/seeded_random.hpp"

#include <cmath>
#include <string>

namespace qalpha::test {

/// @returns hourly bars of a random walk.
inline market_rows walk_rows(const std::string& name, size_t rows,
                             uint64_t seed) {
  market_rows result;
  result.name = name;
  seeded_random random{seed, 0};
  auto column = [&](const char* of) -> std::vector<double>& {
    return result.columns[market_column_index(of)];
  };
  auto price = 100.0;
  for (size_t i = 0; i < rows; ++i) {
    auto open = price;
    price *= std::exp(0.01 * random.normal());
    column("time").push_back(1.6e12 + 3.6e6 * static_cast<double>(i + 1));
    column("open").push_back(open);
    column("close").push_back(price);
    column("high").push_back(std::max(open, price) * 1.001);
    column("low").push_back(std::min(open, price) * 0.999);
    column("volume").push_back(10 + random.uniform());
  }
  return result;
}

} // namespace qalpha::test
