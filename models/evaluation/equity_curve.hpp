// Equity over time, reduced while it is made.

#pragma once

#include "models/market/money.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <vector>

namespace qalpha {

/// A drawdown: from a peak to the lowest point before the peak is reached
/// again.
struct drawdown {
  utc_time peak_time;
  utc_time trough_time;
  money peak;
  money trough;
  /// When equity was back at the peak; not set while it is not.
  utc_time recovered_time;

  friend bool operator==(const drawdown&, const drawdown&) = default;
};

/// Takes equity after every change and keeps the peak, the worst drawdown and
/// the value at each UTC midnight. Values with equal times are one point, the
/// last of them, so that a portfolio is never valued half at new prices. A time
/// before the latest counts as the latest: venues do not stamp all symbols in
/// one order.
class equity_curve {
public:
  /// @pre `start` is positive
  explicit equity_curve(money start);

  /// Continues with the peak of an earlier life; `equity` is where it stands.
  void restore(money peak, money equity);

  void add(utc_time time, money equity) {
    if (time > time_)
      commit(time);
    pending_ = equity;
  }

  /// Commits the last point; call before reading. More may be added after.
  void finish();

  money peak() const noexcept {
    return peak_;
  }

  /// The worst in relation to its peak, the first of equal ones; zero length
  /// if equity never fell.
  const drawdown& worst() const noexcept {
    return worst_;
  }

  /// Equity at the end of each UTC day, the first value being the start. A
  /// value at midnight belongs to the day that ends, a day without values
  /// repeats the one before. The last day ends with the last point.
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
  void commit(utc_time next) {
    judge();
    if (next > day_end_)
      end_days(next);
    time_ = next;
  }

  /// Compares the last point with peak and worst drawdown.
  void judge() {
    if (pending_ >= peak_)
      rise();
    else if (deeper())
      worst_ = {peak_time_, time_, peak_, pending_, {}};
  }

  void rise() {
    if (worst_.trough < peak_ && worst_.peak == peak_
        && worst_.recovered_time.ns == 0)
      worst_.recovered_time = time_;
    if (pending_ > peak_) {
      peak_ = pending_;
      peak_time_ = time_;
    }
  }

  /// Compares fall / peak of now and of the worst without dividing.
  bool deeper() const noexcept {
    auto fall = static_cast<__int128>(peak_.e8) - pending_.e8;
    auto worst = worst_.peak.e8 - worst_.trough.e8;
    return fall * worst_.peak.e8 > static_cast<__int128>(worst) * peak_.e8;
  }

  /// Writes down the days that end before `next`; learns the first day.
  void end_days(utc_time next);

  void close_day();

  utc_time first_time_;
  utc_time time_;
  utc_time peak_time_;
  // The midnight up to which points belong to the current day; before the first
  // point in the past of any.
  utc_time day_end_{INT64_MIN};
  money pending_;
  money peak_;
  drawdown worst_;
  std::vector<money> daily_;
  // The last value of `daily_` is that of a day that has not ended.
  bool provisional_ = false;
};

} // namespace qalpha
