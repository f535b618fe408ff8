#include "models/market/bar_aggregator.hpp"

#include <algorithm>

namespace qalpha {

bar_aggregator::bar_aggregator(timespan interval) : interval_(interval) {
  // nop
}

std::optional<bar> bar_aggregator::add(utc_time time, price px, quantity qty) {
  std::optional<bar> result;
  if (open_ && time >= open_->close_time) {
    closed_until_ = open_->close_time;
    result = close_open();
  }
  if (open_) {
    open_->high = std::max(open_->high, px);
    open_->low = std::min(open_->low, px);
    open_->close = px;
    open_->volume += qty;
    return result;
  }
  auto start = aligned(std::max(time, closed_until_));
  open_ = bar{start, start + interval_, px, px, px, px, qty};
  return result;
}

std::optional<bar> bar_aggregator::advance(utc_time now) {
  closed_until_ = std::max(closed_until_, aligned(now));
  if (!open_ || open_->close_time > now)
    return std::nullopt;
  return close_open();
}

std::optional<bar> bar_aggregator::quiet(utc_time since, utc_time until) {
  if (last_close_.ticks == 0)
    return std::nullopt;
  auto start = std::max(told_until_,
                        aligned({since.ns + interval_.count() - 1}));
  auto end = start + interval_;
  if (end > until || (open_ && end > open_->open_time))
    return std::nullopt;
  told_until_ = end;
  closed_until_ = std::max(closed_until_, end);
  auto px = last_close_;
  return bar{start, end, px, px, px, px, {}};
}

std::optional<bar> bar_aggregator::close_open() {
  auto result = open_;
  told_until_ = open_->close_time;
  last_close_ = open_->close;
  open_.reset();
  return result;
}

utc_time bar_aggregator::aligned(utc_time time) const noexcept {
  return {time.ns - time.ns % interval_.count()};
}

} // namespace qalpha
