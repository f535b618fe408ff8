// Alarms that a series no longer varies around where it did.

#pragma once

#include <algorithm>

namespace qalpha {

/// Sums of what a series lies above and below its mean (CUSUM; Page 1954).
class cusum {
public:
  /// @param slack half of the shift to find, as values are scaled
  /// @param limit of a sum, above which there is an alarm
  explicit cusum(double slack = 0.5, double limit = 5)
    : slack_(slack), limit_(limit) {
    // nop
  }

  /// @param x scaled: mean 0, deviation 1
  /// @returns whether there is an alarm. The sums begin anew after one.
  bool add(double x) noexcept {
    if (alarmed_)
      above_ = below_ = 0;
    above_ = std::max(0.0, above_ + x - slack_);
    below_ = std::max(0.0, below_ - x - slack_);
    alarmed_ = above_ > limit_ || below_ > limit_;
    return alarmed_;
  }

  double above() const noexcept {
    return above_;
  }

  double below() const noexcept {
    return below_;
  }

private:
  double slack_;
  double limit_;
  double above_ = 0;
  double below_ = 0;
  bool alarmed_ = false;
};

/// How far a series has risen above its running mean since it lay lowest (Page
/// and Hinkley).
class page_hinkley {
public:
  /// @param slack drift that is no change
  /// @param limit above which there is an alarm
  explicit page_hinkley(double slack = 0.05, double limit = 50)
    : slack_(slack), limit_(limit) {
    // nop
  }

  /// @returns whether there is an alarm.
  bool add(double x) noexcept {
    count_ += 1;
    sum_ += x;
    drift_ += x - sum_ / count_ - slack_;
    lowest_ = std::min(lowest_, drift_);
    return statistic() > limit_;
  }

  /// @returns the sum of what values lay above the running mean.
  double drift() const noexcept {
    return drift_;
  }

  double statistic() const noexcept {
    return drift_ - lowest_;
  }

private:
  double slack_;
  double limit_;
  double count_ = 0;
  double sum_ = 0;
  double drift_ = 0;
  double lowest_ = 0;
};

} // namespace qalpha
