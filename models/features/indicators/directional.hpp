// Wilder's directional movement.

#pragma once

#include "models/features/block/bar_steps.hpp"
#include "models/features/block/decay.hpp"

namespace qalpha {

/// Wilder's running sums of upward and downward movement and of true range,
/// each seeded by the sum of its first `period - 1` values.
class directional_movement {
public:
  directional_movement(tape& memory, size_t period)
    : high_(memory.add(1)), low_(memory.add(1)), close_(memory.add(1)),
      up_(memory.add(1)), down_(memory.add(1)), range_(memory.add(1)),
      up_sum_(wilder_sum(memory, period)),
      down_sum_(wilder_sum(memory, period)),
      range_sum_(wilder_sum(memory, period)) {
    // nop
  }

  /// For each row.
  struct sums {
    const double* up;
    const double* down;
    const double* range;
  };

  /// Row of the first sums.
  size_t first() const noexcept {
    return up_sum_.first();
  }

  size_t settled() const noexcept {
    return up_sum_.settled();
  }

  template <class Rows>
  QALPHA_INLINE sums run(const Rows& now, const double* high, const double* low,
                         const double* close) const {
    auto h = high_ + now.at;
    auto l = low_ + now.at;
    auto c = close_ + now.at;
    for_rows(now, [=](size_t i) {
      h[i] = high[i];
      l[i] = low[i];
      c[i] = close[i];
    });
    auto up = up_ + now.at;
    auto down = down_ + now.at;
    auto range = range_ + now.at;
    for_rows(now, [=](size_t i) {
      auto rise = h[i] - (h - 1)[i];
      auto fall = (l - 1)[i] - l[i];
      up[i] = rise > larger_of(fall, 0) ? rise : 0.0;
      down[i] = fall > larger_of(rise, 0) ? fall : 0.0;
      range[i] = true_range(h[i], l[i], (c - 1)[i]);
    });
    return {up_sum_.run(now, up), down_sum_.run(now, down),
            range_sum_.run(now, range)};
  }

private:
  static decay wilder_sum(tape& memory, size_t period) {
    auto n = static_cast<double>(period);
    return {memory, 1, 1 - 1 / n, 1, std::max<size_t>(period - 1, 1), 1};
  }

  double* high_;
  double* low_;
  double* close_;
  double* up_;
  double* down_;
  double* range_;
  decay up_sum_;
  decay down_sum_;
  decay range_sum_;
};

/// Shares of the true range that went up and down, in percent, and how far they
/// are apart.
struct directional_index {
  double up;
  double down;
  double apart;
  /// Whether `apart` says something: prices have moved.
  bool defined;

  QALPHA_INLINE static directional_index of(double up, double down,
                                            double range) {
    auto plus = percent_of(up, range);
    auto minus = percent_of(down, range);
    auto sum = plus + minus;
    return {plus, minus, 100 * (std::abs(plus - minus) / sum), sum >= 1e-14};
  }
};

/// Average directional index: Wilder's mean of the distance of both indexes,
/// seeded by the mean of the first `period`. A row without movement leaves it
/// as it is. For some rows after such a row it goes step by step.
class trend_strength {
public:
  trend_strength(tape& memory, size_t period)
    : period_(period), apart_(memory.add(1)), clean_(memory.add(1)),
      fading_(memory,
              static_cast<double>(period - 1) / static_cast<double>(period)) {
    // nop
  }

  size_t first() const noexcept {
    return 2 * period_ - 1;
  }

  size_t settled() const noexcept {
    return first() + fading::steps + 1;
  }

  template <class Rows>
  QALPHA_INLINE void run(const Rows& now,
                         const directional_movement::sums& sums, double* out,
                         double* plus, double* minus) const {
    auto up = sums.up;
    auto down = sums.down;
    auto range = sums.range;
    auto apart = apart_ + now.at;
    auto y = fading_.value(now.at);
    for_rows(now, [=](size_t i) {
      auto index = directional_index::of(up[i], down[i], range[i]);
      plus[i] = index.up;
      minus[i] = index.down;
      apart[i] = index.apart;
    });
    size_t still = 0;
    for (size_t i = 0; i < now.count; ++i)
      still += plus[i] + minus[i] < 1e-14;
    auto two = fading_.two(now.at);
    auto k = 1 / static_cast<double>(period_);
    auto kd = k * fading_.keep();
    for_rows(now,
             [=](size_t i) { two[i] = k * apart[i] + kd * (apart - 1)[i]; });
    auto clean = clean_ + now.at;
    if (Rows::warming || still != 0 || clean[-1] < steps) {
      step(now, plus, minus, apart, clean, y);
    } else {
      fading_.run(now);
      clean[now.count - 1] = steps + 1;
    }
    for_rows(now, [=](size_t i) { out[i] = y[i]; });
  }

private:
  /// @param clean rows with movement in a row, as far as it matters
  template <class Rows>
  void step(const Rows& now, const double* plus, const double* minus,
            const double* apart, double* clean, double* y) const {
    for (size_t i = 0; i < now.count; ++i, ++clean, ++y) {
      auto row = now.seen + i;
      auto moves = plus[i] + minus[i] >= 1e-14;
      auto fresh = moves ? apart[i] : 0.0;
      auto n = static_cast<double>(period_);
      *clean = 0;
      if (row < period_) {
        *y = 0;
      } else if (row < first()) {
        *y = y[-1] + fresh;
      } else if (row == first()) {
        *y = (y[-1] + fresh) / n;
      } else if (!moves) {
        *y = y[-1];
      } else {
        *clean = std::min(clean[-1] + 1, steps + 1);
        if (*clean <= steps)
          *y = fading_.keep() * y[-1] + fresh / n;
        else
          fading_.run(one_row{now.at + i, row});
      }
    }
  }

  static constexpr double steps = fading::steps;

  size_t period_;
  double* apart_;
  double* clean_;
  fading fading_;
};

} // namespace qalpha
