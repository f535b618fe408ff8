#include "models/simulation/demo_ladder.hpp"

#include <algorithm>

namespace qalpha {

void demo_ladder::reset(int64_t best, supply from) {
  best_ = best;
  for (size_t i = 0; i < depth; ++i)
    lots_[i] = draw(i, from);
  touched_ = 0;
}

void demo_ladder::move(int64_t best, supply from, utc_time time,
                       std::vector<market_event>& out) {
  // Level i becomes level i - shift.
  auto shift = (best - best_) / outward();
  auto before = lots_;
  auto touched = touched_;
  auto size = static_cast<int64_t>(depth);
  for (int64_t i = 0; i < size; ++i)
    if (i - shift < 0 || i - shift >= size)
      tell(best_ + i * outward(), 0, time, out);
  best_ = best;
  touched_ = 0;
  for (int64_t i = 0; i < size; ++i) {
    auto old = i + shift;
    auto kept = old >= 0 && old < size;
    auto& lots = lots_[static_cast<size_t>(i)];
    lots = kept ? before[static_cast<size_t>(old)]
                : draw(static_cast<size_t>(i), from);
    if (!kept || (touched >> old & 1) != 0)
      tell(best_ + i * outward(), lots, time, out);
  }
}

void demo_ladder::publish(utc_time time, std::vector<market_event>& out) const {
  for (size_t i = 0; i < depth; ++i)
    tell(best_ + static_cast<int64_t>(i) * outward(), lots_[i], time, out);
}

void demo_ladder::take(int64_t ticks, int64_t lots) {
  auto level = (ticks - best_) / outward();
  if (level < 0 || level >= static_cast<int64_t>(depth))
    return;
  auto& there = lots_[static_cast<size_t>(level)];
  there = std::max<int64_t>(1, there - lots);
  touched_ |= 1u << level;
}

void demo_ladder::refresh(supply from) {
  auto level = static_cast<size_t>(from.random->geometric(depth - 1));
  lots_[level] = draw(level, from);
  touched_ |= 1u << level;
}

// Books are thin at the touch and grow outwards.
int64_t demo_ladder::draw(size_t level, supply from) {
  auto usual = from.lots * static_cast<int64_t>(3 + level) / (3 + depth);
  return 1 + usual / 2 + from.random->below(usual + 1);
}

void demo_ladder::tell(int64_t ticks, int64_t lots, utc_time time,
                       std::vector<market_event>& out) const {
  market_event event;
  event.time = time;
  event.px = {ticks};
  event.qty = {lots};
  event.kind = which_ == side::buy ? market_event_kind::bid_level
                                   : market_event_kind::ask_level;
  out.push_back(event);
}

} // namespace qalpha
