#include "runtime/venues/trade_sequence.hpp"

namespace qalpha {

void trade_sequence::pass(const public_trade& trade, trades& out) {
  last_ = trade.id;
  last_time_ = trade.time;
  ++counts_.delivered;
  out.push_back(trade);
}

void trade_sequence::step(const public_trade& trade, trades& out) {
  auto newest = held_.empty() ? last_ : held_.back().id;
  if (!settings_.numbered || newest == 0)
    return pass(trade, out);
  if (trade.id <= newest) {
    ++counts_.duplicates;
    return;
  }
  if (held_.empty() && trade.id == last_ + 1)
    return pass(trade, out);
  if (held_.empty())
    ++counts_.gaps;
  auto too_long = trade.time - last_time_ > settings_.longest_gap;
  held_.push_back(trade);
  if (too_long || held_.size() > settings_.most_held)
    give_up(out);
}

std::optional<uint64_t> trade_sequence::wants_from() const noexcept {
  if (held_.empty())
    return std::nullopt;
  return last_ + 1;
}

void trade_sequence::backfill(const trades& page, trades& out) {
  if (held_.empty())
    return;
  auto end = held_.front().id;
  for (auto& trade : page) {
    if (trade.id >= end)
      break;
    if (trade.id <= last_)
      continue;
    ++counts_.backfilled;
    pass(trade, out);
  }
  // The venue skips a number now and then: what it does not have when it has
  // later ones is no gap.
  if (page.empty() || page.back().id + 1 >= end)
    release(out);
}

// Passes on what is held up to the next gap.
void trade_sequence::release(trades& out) {
  pass(held_.front(), out);
  held_.pop_front();
  while (!held_.empty() && held_.front().id == last_ + 1) {
    pass(held_.front(), out);
    held_.pop_front();
  }
}

void trade_sequence::give_up(trades& out) {
  while (!held_.empty()) {
    counts_.lost += held_.front().id - last_ - 1;
    release(out);
  }
}

} // namespace qalpha
