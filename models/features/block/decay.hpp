// Means and sums whose memory fades.

#pragma once

#include "models/features/block/tape.hpp"

namespace qalpha {

/// Takes `y = keep * y + z` four rows at a time: written out, row t is
///
///     y[t] = keep^4 * y[t-4] + z[t] + keep * z[t-1] + ... + keep^3 * z[t-3]
///
/// so that four rows do not wait for each other.
class fading {
public:
  fading(tape& memory, double keep)
    : keep_(keep), keep2_(keep * keep), keep4_(keep2_ * keep2_),
      two_(memory.add(2)), value_(memory.add(4)) {
    // nop
  }

  /// Rows after the first value in which `y` goes step by step.
  static constexpr size_t steps = 3;

  double keep() const noexcept {
    return keep_;
  }

  /// @returns where the sums of the first two terms go.
  double* two(size_t at) const noexcept {
    return two_ + at;
  }

  double* value(size_t at) const noexcept {
    return value_ + at;
  }

  /// Computes `y` from the sums of the first two terms.
  template <class Rows>
  QALPHA_INLINE void run(const Rows& now) const {
    auto two = two_ + now.at;
    auto y = value_ + now.at;
    auto d2 = keep2_;
    auto d4 = keep4_;
    size_t i = 0;
    if constexpr (Rows::most >= 4) {
      four_rows last;
      load_rows(last, y - 4);
      for (; i + 4 <= now.count; i += 4) {
        four_rows recent;
        four_rows older;
        load_rows(recent, two + i);
        load_rows(older, two + i - 2);
        last = d4 * last + (recent + d2 * older);
        store_rows(y + i, last);
      }
    }
    for (; i < now.count; ++i)
      y[i] = d4 * (y + i)[-4] + (two[i] + d2 * (two + i)[-2]);
  }

private:
  double keep_;
  double keep2_;
  double keep4_;
  double* two_;
  double* value_;
};

/// `y = keep * y + weight * x`
class decay {
public:
  /// @param start first row that counts
  /// @param period rows in the first value
  /// @param divisor of their sum, which makes it the first value
  decay(tape& memory, double weight, double keep, size_t start, size_t period,
        double divisor)
    : fading_(memory, keep), weight_(weight), second_weight_(weight * keep),
      start_(start), seed_(start + period - 1), divisor_(divisor) {
    // nop
  }

  /// `e += (x - e) / period` of the rows from `start` on, seeded by a mean.
  static decay wilder(tape& memory, size_t period, size_t start) {
    auto n = static_cast<double>(period);
    return {memory, 1 / n, (n - 1) / n, start, period, n};
  }

  /// Row at which it has its first value.
  size_t first() const noexcept {
    return seed_;
  }

  size_t settled() const noexcept {
    return seed_ + fading::steps + 1;
  }

  /// @param x reaches back a row
  /// @returns a value for each row
  template <class Rows>
  QALPHA_INLINE const double* run(const Rows& now, const double* x) const {
    auto two = fading_.two(now.at);
    auto y = fading_.value(now.at);
    auto k = weight_;
    auto kd = second_weight_;
    for_rows(now, [=](size_t i) { two[i] = k * x[i] + kd * (x - 1)[i]; });
    if constexpr (Rows::warming) {
      if (now.seen <= seed_ + fading::steps) {
        begin(now.seen, x, y);
        return y;
      }
    }
    fading_.run(now);
    return y;
  }

private:
  void begin(size_t row, const double* x, double* y) const {
    if (row < start_)
      y[0] = 0;
    else if (row < seed_)
      y[0] = y[-1] + x[0];
    else if (row == seed_)
      y[0] = ((start_ == seed_ ? 0.0 : y[-1]) + x[0]) / divisor_;
    else
      y[0] = fading_.keep() * y[-1] + weight_ * x[0];
  }

  fading fading_;
  double weight_;
  double second_weight_;
  size_t start_;
  size_t seed_;
  double divisor_;
};

/// Exponential moving average, kept as its distance from the newest value,
///
///     distance = keep * (distance + x[t] - x[t-1])
///
/// which is exactly zero where the value does not change.
class ema_line {
public:
  /// @param start first row that counts
  /// @param period rows in the mean that it begins with
  /// @param weight of a new row
  ema_line(tape& memory, size_t start, size_t period, double weight)
    : fading_(memory, 1 - weight), second_keep_((1 - weight) * (1 - weight)),
      start_(start), seed_(start + period - 1),
      period_(static_cast<double>(period)) {
    // nop
  }

  ema_line(tape& memory, size_t start, size_t period)
    : ema_line(memory, start, period, 2.0 / static_cast<double>(period + 1)) {
    // nop
  }

  size_t first() const noexcept {
    return seed_;
  }

  size_t settled() const noexcept {
    return seed_ + fading::steps + 1;
  }

  /// @param x reaches back two rows
  /// @returns the newest value less the mean, for each row
  template <class Rows>
  QALPHA_INLINE const double* run(const Rows& now, const double* x) const {
    auto two = fading_.two(now.at);
    auto y = fading_.value(now.at);
    auto d = fading_.keep();
    auto d2 = second_keep_;
    for_rows(now, [=](size_t i) {
      auto before = (x - 1)[i];
      two[i] = d * (x[i] - before) + d2 * (before - (x - 2)[i]);
    });
    if constexpr (Rows::warming) {
      if (now.seen <= seed_ + fading::steps) {
        begin(now.seen, x, y);
        return y;
      }
    }
    fading_.run(now);
    return y;
  }

private:
  // Until there is a mean, the sum stands in its place.
  void begin(size_t row, const double* x, double* y) const {
    if (row < start_) {
      y[0] = 0;
    } else if (row <= seed_) {
      auto sum = (row == start_ ? 0.0 : y[-1]) + x[0];
      y[0] = row < seed_ ? sum : x[0] - sum / period_;
    } else {
      y[0] = fading_.keep() * (y[-1] + (x[0] - x[-1]));
    }
  }

  fading fading_;
  double second_keep_;
  size_t start_;
  size_t seed_;
  double period_;
};

} // namespace qalpha
