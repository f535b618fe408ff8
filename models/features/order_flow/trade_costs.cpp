#include "models/features/order_flow/trade_costs.hpp"

#include <cmath>
#include <limits>

namespace qalpha {

trade_cost cost_of(trade_sign sign, double px, double before,
                   double after) noexcept {
  auto twice = 2.0 * sign;
  return {twice * (px - before), twice * (px - after),
          twice * (after - before)};
}

bool trade_costs::add_trade(int64_t time, trade_sign sign, double px) {
  if (sign == 0 || !std::isfinite(px) || !std::isfinite(middle_))
    return false;
  constexpr auto latest = std::numeric_limits<int64_t>::max();
  auto due = time > latest - horizon_ ? latest : time + horizon_;
  waiting_.push_back({due, sign, px, middle_});
  if (waiting_.size() > most_waiting_) {
    waiting_.pop_front();
    ++dropped_;
  }
  return true;
}

void trade_costs::reset() noexcept {
  dropped_ += waiting_.size();
  waiting_.clear();
  middle_ = undefined;
}

} // namespace qalpha
