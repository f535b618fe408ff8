// Highest or lowest of the last values.

#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace qalpha {

/// Extreme of the last `window` values in constant amortised time. Keeps only
/// values that can still become the extreme: those that no later value beats.
/// `Better` is `std::greater<>` for the highest, `std::less<>` for the lowest.
template <class Better>
class rolling_extreme {
public:
  /// @pre `window > 0`
  explicit rolling_extreme(size_t window)
    : window_(window), ring_(std::bit_ceil(window)), mask_(ring_.size() - 1) {
    // nop
  }

  void push(int64_t value) noexcept {
    if (first_ != end_ && ring_[first_ & mask_].index + window_ <= count_)
      ++first_;
    while (first_ != end_ && !Better{}(ring_[(end_ - 1) & mask_].value, value))
      --end_;
    ring_[end_++ & mask_] = {value, count_++};
  }

  /// @returns `true` once `window` values are known.
  bool full() const noexcept {
    return count_ >= window_;
  }

  /// @pre at least one value was pushed
  int64_t best() const noexcept {
    return ring_[first_ & mask_].value;
  }

private:
  struct candidate {
    int64_t value;
    uint64_t index;
  };

  size_t window_;
  std::vector<candidate> ring_;
  size_t mask_;
  // Counters; the slot is the counter modulo the size of the ring.
  uint64_t first_ = 0;
  uint64_t end_ = 0;
  uint64_t count_ = 0;
};

using rolling_highest = rolling_extreme<std::greater<>>;
using rolling_lowest = rolling_extreme<std::less<>>;

} // namespace qalpha
