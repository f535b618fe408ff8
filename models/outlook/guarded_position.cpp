#include "models/outlook/guarded_position.hpp"

#include <cmath>

namespace qalpha {

namespace {

int side_of(double share) noexcept {
  return (share > 0) - (share < 0);
}

std::optional<double> level(double close, double distance, int direction) {
  if (!(close > 0) || !std::isfinite(distance) || distance <= 0)
    return std::nullopt;
  return close * (1 + direction * distance);
}

} // namespace

double guarded_position::want(double share, double stop, double take_profit,
                              double close) {
  if (!std::isfinite(share))
    share = 0;
  auto side = side_of(share);
  if (side != left_side_)
    left_side_ = 0;
  else if (side != 0)
    return held_ = 0;
  if (side != side_of(held_)) {
    stop_ = level(close, stop, -side);
    profit_ = level(close, take_profit, side);
  }
  return held_ = share;
}

bool guarded_position::beyond_stop(double price) const noexcept {
  return stop_ && (held_ > 0 ? price <= *stop_ : price >= *stop_);
}

bool guarded_position::beyond_profit(double price) const noexcept {
  return profit_ && (held_ > 0 ? price >= *profit_ : price <= *profit_);
}

std::optional<guarded_exit> guarded_position::pass(const bar_prices& next) {
  if (held_ == 0)
    return std::nullopt;
  auto worst = held_ > 0 ? next.low : next.high;
  auto best = held_ > 0 ? next.high : next.low;
  std::optional<guarded_exit> result;
  if (beyond_stop(next.open))
    result = {next.open, true};
  else if (beyond_profit(next.open))
    result = {next.open, false};
  else if (beyond_stop(worst))
    result = {*stop_, true};
  else if (beyond_profit(best))
    result = {*profit_, false};
  if (result) {
    left_side_ = side_of(held_);
    held_ = 0;
  }
  return result;
}

double play_bar(guarded_position& where, const policy_action& action,
                double close, const bar_prices& next, double cost) {
  auto before = where.held();
  auto now = where.want(action.position * action.size, action.stop,
                        action.take_profit, close);
  auto paid = cost * std::abs(now - before);
  auto left = where.pass(next);
  if (left)
    paid += cost * std::abs(now);
  return now * ((left ? left->price : next.close) / close - 1) - paid;
}

} // namespace qalpha
