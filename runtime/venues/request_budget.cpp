#include "runtime/venues/request_budget.hpp"

#include <algorithm>

namespace qalpha {

namespace {

constexpr unsigned forbidden = 403;
constexpr unsigned banned = 418;
constexpr unsigned too_many = 429;

// Bans last two minutes at least, and Bybit's 403 ten; asking earlier prolongs
// them.
constexpr timespan usual_pause = std::chrono::minutes{1};
constexpr timespan usual_ban = std::chrono::minutes{2};
constexpr timespan usual_exclusion = std::chrono::minutes{10};

} // namespace

timespan request_budget::wait(moment now, uint64_t amount) {
  forget(now);
  auto needed = std::min(amount, limit_.amount);
  auto left = used_;
  for (auto& x : spent_) {
    if (left + needed <= limit_.amount)
      return timespan{0};
    left -= x.amount;
    if (left + needed <= limit_.amount)
      return x.when + limit_.window - now;
  }
  return timespan{0};
}

void request_budget::spend(moment now, uint64_t amount) {
  forget(now);
  spent_.push_back({now, amount});
  used_ += amount;
}

void request_budget::observe(moment now, uint64_t used) {
  forget(now);
  if (used > used_)
    spend(now, used - used_);
}

void request_budget::forget(moment now) {
  while (!spent_.empty() && now - spent_.front().when >= limit_.window) {
    used_ -= spent_.front().amount;
    spent_.pop_front();
  }
}

timespan rest_gate::wait(moment now, uint64_t weight) {
  auto closed = std::max(timespan{0}, timespan{closed_until_ - now});
  return std::max(closed, budget_.wait(now, weight));
}

bool rest_gate::judge(moment now, const server_verdict& verdict) {
  timespan pause{0};
  if (verdict.status == too_many)
    pause = usual_pause;
  else if (verdict.status == banned)
    pause = usual_ban;
  else if (verdict.status == forbidden)
    pause = usual_exclusion;
  else
    return false;
  if (verdict.retry_after > timespan{0})
    pause = verdict.retry_after;
  closed_until_ = std::max(closed_until_, now + pause);
  ++alarms_;
  return true;
}

} // namespace qalpha
