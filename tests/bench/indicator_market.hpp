// Bars for benchmarks of indicators.

#pragma once

#include "models/features/market_columns.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace qalpha::bench {

/// Columns of a market by their index.
class bar_columns_of {
public:
  explicit bar_columns_of(size_t rows)
    : columns_(time_column + 1, std::vector<double>(rows)) {
    // nop
  }

  size_t rows() const {
    return columns_.front().size();
  }

  const double* column(size_t index) const {
    return columns_[index].data();
  }

  double* column(std::string_view name) {
    return columns_[market_column_index(name)].data();
  }

  const double* high() const {
    return column(market_column_index("high"));
  }

  const double* low() const {
    return column(market_column_index("low"));
  }

  const double* close() const {
    return column(market_column_index("close"));
  }

  const double* volume() const {
    return column(market_column_index("volume"));
  }

private:
  std::vector<std::vector<double>> columns_;
};

/// One-minute bars of a price that returns to `price` and moves by about
/// `spread` in a bar.
inline bar_columns_of generated_bars(size_t rows, double price, double spread) {
  std::mt19937_64 random{7};
  std::normal_distribution<double> normal;
  std::exponential_distribution<double> reach;
  bar_columns_of result{rows};
  auto at = price;
  for (size_t row = 0; row < rows; ++row) {
    auto open = at;
    at += spread * normal(random) - 1e-4 * (at - price);
    result.column("open")[row] = open;
    result.column("close")[row] = at;
    result.column("high")[row] = std::max(open, at)
                                 + spread * reach(random) / 2;
    result.column("low")[row] = std::min(open, at) - spread * reach(random) / 2;
    result.column("volume")[row] = std::exp(normal(random)) * 10;
    result.column("time")[row] = 1'704'067'260'000.0
                                 + 60'000.0 * static_cast<double>(row);
  }
  return result;
}

} // namespace qalpha::bench
