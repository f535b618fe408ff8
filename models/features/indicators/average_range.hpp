// Wilder's average true range, for whoever needs it.

#pragma once

#include "models/features/block/bar_steps.hpp"
#include "models/features/block/decay.hpp"

namespace qalpha {

/// Seeded by the mean of rows 1 to `period`: the first row has no close before
/// it.
class average_range {
public:
  average_range(tape& memory, size_t period)
    : close_(memory.add(1)), range_(memory.add(1)),
      mean_(decay::wilder(memory, period, 1)) {
    // nop
  }

  size_t first() const noexcept {
    return mean_.first();
  }

  size_t settled() const noexcept {
    return mean_.settled();
  }

  /// @returns a value for each row
  template <class Rows>
  QALPHA_INLINE const double* run(const Rows& now, const double* high,
                                  const double* low,
                                  const double* close) const {
    auto c = close_ + now.at;
    auto range = range_ + now.at;
    for_rows(now, [=](size_t i) { c[i] = close[i]; });
    for_rows(now, [=](size_t i) {
      range[i] = true_range(high[i], low[i], (c - 1)[i]);
    });
    return mean_.run(now, range);
  }

private:
  double* close_;
  double* range_;
  decay mean_;
};

} // namespace qalpha
