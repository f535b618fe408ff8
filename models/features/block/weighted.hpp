// Means of the last rows with a weight for each.

#pragma once

#include "models/features/block/tape.hpp"

#include <vector>

namespace qalpha {

/// Sum of the last rows, each with a weight of its own. It is taken of the
/// distances from the newest row, so that a value that does not change comes
/// out exactly.
class weighted_window {
public:
  /// @param weights the newest first
  explicit weighted_window(std::vector<double> weights)
    : weights_(std::move(weights)) {
    for (auto weight : weights_)
      sum_ += weight;
    // Sums of weights are meant to be 0 or 1, but for rounding.
    if (std::abs(sum_) < 1e-9)
      sum_ = 0;
    if (std::abs(sum_ - 1) < 1e-9)
      sum_ = 1;
  }

  /// Weights that rise by one from the oldest row to the newest.
  static weighted_window rising(size_t length) {
    auto n = static_cast<double>(length);
    std::vector<double> weights;
    for (size_t i = 0; i < length; ++i)
      weights.push_back((n - static_cast<double>(i)) / (n * (n + 1) / 2));
    return weighted_window{std::move(weights)};
  }

  size_t length() const noexcept {
    return weights_.size();
  }

  /// @param x reaches back `length() - 1` rows
  template <class Rows>
  QALPHA_INLINE void run(const Rows& now, const double* x, double* out) const {
    auto sum = sum_;
    for_rows(now, [=](size_t i) { out[i] = sum * x[i]; });
    for (size_t j = 1; j < weights_.size(); ++j) {
      auto weight = weights_[j];
      auto older = x - j;
      for_rows(now, [=](size_t i) { out[i] += weight * (older[i] - x[i]); });
    }
  }

private:
  std::vector<double> weights_;
  double sum_ = 0;
};

} // namespace qalpha
