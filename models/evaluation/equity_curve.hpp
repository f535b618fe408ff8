// Equity over time, reduced while it is made.

#pragma once

#include "models/market/money.hpp"
#include "models/market/time.hpp"

#include <vector>

namespace qalpha {

/// A drawdown: from a peak to the lowest point before the peak is reached again.
struct drawdown {
  utc_time peak_time;
  utc_time trough_time;
  money peak;
  money trough;

  friend bool operator==(const drawdown&, const drawdown&) = default;
};

/// Takes equity after every change and keeps the peak, the worst drawdown and
/// the value at each UTC midnight. Values with equal times are one point, the
/// last of them, so that a portfolio is never valued half at new prices.
class equity_curve {
public:
  explicit equity_curve(money start);

  /// @pre `time` never decreases
  void add(utc_time time, money equity) {
    if (time != time_)
      commit(time);
    pending_ = equity;
  }

  /// Commits the last point; call before reading.
  void finish();

  money peak() const noexcept {
    return peak_;
  }

  /// Relative to the peak; zero length if equity never fell.
  const drawdown& worst() const noexcept {
    return worst_;
  }

  /// Equity at the end of each UTC day, the first value being the start.
  const std::vector<money>& daily() const noexcept {
    return daily_;
  }

  utc_time first_time() const noexcept {
    return first_time_;
  }

  utc_time last_time() const noexcept {
    return time_;
  }

private:
  void commit(utc_time next);

  utc_time first_time_;
  utc_time time_;
  utc_time peak_time_;
  utc_time day_end_;
  money pending_;
  money peak_;
  drawdown worst_;
  std::vector<money> daily_;
};

} // namespace qalpha
