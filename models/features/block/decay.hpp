// Means and sums whose memory fades.

#pragma once

#include "models/features/block/tape.hpp"

namespace qalpha {

/// Takes `y = keep * y + z` eight rows at a time: written out, row t is
///
///     y[t] = keep^8 * y[t-8] + z[t] + keep * z[t-1] + ... + keep^7 * z[t-7]
///
/// so that eight rows do not wait for each other.
/// @param four the sums of the first four terms, reaching back four rows
/// @param y reaches back eight rows
template <class Rows>
QALPHA_INLINE void
fade(const Rows& now, double keep, const double* four, double* y) {
  auto d4 = (keep * keep) * (keep * keep);
  auto d8 = d4 * d4;
  size_t i = 0;
  if constexpr (Rows::most >= 8) {
    eight_rows last;
    load_eight(last, y - 8);
    for (; i + 8 <= now.count; i += 8) {
      eight_rows recent;
      eight_rows older;
      load_eight(recent, four + i);
      load_eight(older, four + i - 4);
      last = d8 * last + (recent + d4 * older);
      store_eight(y + i, last);
    }
  }
  for (; i < now.count; ++i)
    y[i] = d8 * (y + i)[-8] + (four[i] + d4 * (four + i)[-4]);
}

/// `y = keep * y + weight * x`
class decay {
public:
  /// @param start first row that counts
  /// @param period rows in the first value
  /// @param divisor of their sum, which makes it the first value
  decay(tape& memory, double weight, double keep, size_t start, size_t period,
        double divisor)
    : weight_(weight), keep_(keep), start_(start), seed_(start + period - 1),
      divisor_(divisor), two_(memory.add(2)), four_(memory.add(4)),
      value_(memory.add(8)) {
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
    return seed_ + 9;
  }

  /// @param x reaches back a row
  /// @returns a value for each row
  template <class Rows>
  QALPHA_INLINE const double* run(const Rows& now, const double* x) const {
    auto two = two_ + now.at;
    auto four = four_ + now.at;
    auto y = value_ + now.at;
    auto k = weight_;
    auto kd = weight_ * keep_;
    auto d2 = keep_ * keep_;
    for_rows(now, [=](size_t i) { two[i] = k * x[i] + kd * (x - 1)[i]; });
    for_rows(now, [=](size_t i) { four[i] = two[i] + d2 * (two - 2)[i]; });
    if constexpr (Rows::warming) {
      if (now.seen < seed_ + 8) {
        begin(now.seen, x, y);
        return y;
      }
    }
    fade(now, keep_, four, y);
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
      y[0] = keep_ * y[-1] + weight_ * x[0];
  }

  double weight_;
  double keep_;
  size_t start_;
  size_t seed_;
  double divisor_;
  double* two_;
  double* four_;
  double* value_;
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
    : keep_(1 - weight), start_(start), seed_(start + period - 1),
      period_(static_cast<double>(period)), two_(memory.add(2)),
      four_(memory.add(4)), distance_(memory.add(8)) {
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
    return seed_ + 9;
  }

  /// @param x reaches back two rows
  /// @returns the newest value less the mean, for each row
  template <class Rows>
  QALPHA_INLINE const double* run(const Rows& now, const double* x) const {
    auto two = two_ + now.at;
    auto four = four_ + now.at;
    auto y = distance_ + now.at;
    auto d = keep_;
    auto d2 = keep_ * keep_;
    for_rows(now, [=](size_t i) {
      auto before = (x - 1)[i];
      two[i] = d * (x[i] - before) + d2 * (before - (x - 2)[i]);
    });
    for_rows(now, [=](size_t i) { four[i] = two[i] + d2 * (two - 2)[i]; });
    if constexpr (Rows::warming) {
      if (now.seen < seed_ + 8) {
        begin(now.seen, x, y);
        return y;
      }
    }
    fade(now, keep_, four, y);
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
      y[0] = keep_ * (y[-1] + (x[0] - x[-1]));
    }
  }

  double keep_;
  size_t start_;
  size_t seed_;
  double period_;
  double* two_;
  double* four_;
  double* distance_;
};

} // namespace qalpha
