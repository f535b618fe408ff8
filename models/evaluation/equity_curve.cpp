#include "models/evaluation/equity_curve.hpp"

#include <algorithm>

namespace qalpha {

namespace {

constexpr timespan day = std::chrono::days{1};

/// @returns the first midnight at or after `time`, which ends its day.
utc_time midnight_of(utc_time time) noexcept {
  auto days = (time.ns + day.count() - 1) / day.count();
  return {days * day.count()};
}

} // namespace

equity_curve::equity_curve(money start)
  : pending_(start),
    peak_(start), worst_{{}, {}, start, start, {}}, daily_{start} {
  // nop
}

void equity_curve::restore(money peak, money equity) {
  peak_ = std::max(peak, equity);
  pending_ = equity;
  worst_ = {peak_time_, time_, peak_, equity, {}};
  daily_.assign(1, equity);
  provisional_ = false;
}

void equity_curve::finish() {
  judge();
  if (first_time_.ns == 0)
    return;
  close_day();
  provisional_ = true;
}

void equity_curve::end_days(utc_time next) {
  if (first_time_.ns == 0) {
    first_time_ = peak_time_ = next;
    worst_.peak_time = worst_.trough_time = next;
    day_end_ = midnight_of(next);
    return;
  }
  for (; day_end_ < next; day_end_ = day_end_ + day)
    close_day();
}

void equity_curve::close_day() {
  if (provisional_)
    daily_.back() = pending_;
  else
    daily_.push_back(pending_);
  provisional_ = false;
}

} // namespace qalpha
