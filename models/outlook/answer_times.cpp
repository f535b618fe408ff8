#include "models/outlook/answer_times.hpp"

#include <algorithm>

namespace qalpha {

std::optional<timespan> answer_times::p99() const noexcept {
  if (size_ == 0)
    return std::nullopt;
  auto sorted = times_;
  // The nearest rank: the smallest time with at least 99 % at or below it.
  auto place = sorted.begin()
               + static_cast<std::ptrdiff_t>((size_ * 99 + 99) / 100 - 1);
  std::nth_element(sorted.begin(), place,
                   sorted.begin() + static_cast<std::ptrdiff_t>(size_));
  return *place;
}

void answer_times::add(timespan taken) noexcept {
  times_[next_] = taken;
  next_ = (next_ + 1) % window;
  size_ = std::min(size_ + 1, window);
  ++answers_;
}

} // namespace qalpha
