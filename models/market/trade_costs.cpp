#include "models/market/trade_costs.hpp"

#include <limits>

namespace qalpha {

std::optional<int64_t> trade_costs::add_trade(int64_t time, side taker,
                                              price px, quantity size) {
  if (!twice_middle_)
    return std::nullopt;
  constexpr auto latest = std::numeric_limits<int64_t>::max();
  auto due = time > latest - horizon_ ? latest : time + horizon_;
  waiting_.push_back({due, taker, px, size, *twice_middle_});
  if (waiting_.size() > most_waiting_) {
    waiting_.pop_front();
    ++dropped_;
  }
  return sign(taker) * (2 * px.ticks - *twice_middle_);
}

trade_cost trade_costs::cost_of(const waiting& trade) const noexcept {
  auto way = sign(trade.taker);
  auto twice = 2 * trade.px.ticks;
  return {trade.px, trade.size, way * (twice - trade.twice_before),
          way * (twice - *twice_middle_),
          way * (*twice_middle_ - trade.twice_before)};
}

void trade_costs::reset() noexcept {
  dropped_ += waiting_.size();
  waiting_.clear();
  twice_middle_.reset();
}

} // namespace qalpha
