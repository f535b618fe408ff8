// How unusual a value is among those before it.

#pragma once

#include "models/features/feature.hpp"
#include "models/features/rolling/folds.hpp"
#include "models/features/rolling/window_fold.hpp"

#include <cmath>
#include <cstddef>

namespace qalpha {

/// (value - mean) / sample deviation, both of the last values before it. The
/// value at hand takes no part, so that an outlier does not hide itself.
class past_score {
public:
  /// @param least values before there is a score
  /// @pre `1 < least && least <= window`
  past_score(size_t window, size_t least)
    : past_(window), least_(static_cast<double>(least)) {
    // nop
  }

  /// @returns 0 where the values before do not vary; undefined while there are
  ///          too few.
  double add(double x) noexcept {
    auto before = known_;
    known_ = past_.add(moments::of(x));
    if (before.count < least_)
      return undefined;
    auto variance = before.variance();
    return variance > 0 ? (x - before.mean) / std::sqrt(variance) : 0.0;
  }

private:
  window_fold<moments> past_;
  moments known_;
  double least_;
};

} // namespace qalpha
