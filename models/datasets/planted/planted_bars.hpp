// Makes bars of closes that are given: what planted markets share.

#pragma once

#include "models/datasets/market_rows.hpp"
#include "models/datasets/seeded_random.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace qalpha {

/// What a planted market looks like from outside.
struct planted_shape {
  std::string name = "PLANTED";
  uint64_t seed = 1;
  size_t rows = 20'000;
  std::chrono::milliseconds interval{3'600'000};
  /// Close of the first bar: 2020-01-01 01:00 UTC.
  int64_t begin_ms = 1'577'840'400'000;
};

/// Appends bar after bar to all columns of klines.
class planted_bars final {
public:
  explicit planted_bars(const planted_shape& shape);

  /// @param log_return from the last close to the next
  /// @param volatility deviation of a return now, which ranges are made of
  /// @param pressure what takers want: their share of the volume is a half at
  ///                 zero and rises with it
  void add(double log_return, double volatility, double pressure);

  market_rows take();

private:
  std::vector<double>& column(const char* name);

  planted_shape shape_;
  // Apart from the market's own, so that returns do not depend on bars.
  seeded_random random_;
  double price_ = 100;
  market_rows rows_;
};

} // namespace qalpha
