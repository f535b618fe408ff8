// Highest or lowest of the last values.

#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace qalpha {

/// Extremes of the last `outer` and of the last `inner` values in constant
/// amortised time. Keeps only values that can still become an extreme, those
/// that no later value beats; both windows share them. `Better` is
/// `std::greater<>` for the highest, `std::less<>` for the lowest.
template <class Better>
class rolling_extremes {
public:
  /// @pre both are positive; either may be the longer one
  rolling_extremes(size_t outer, size_t inner)
    : outer_{outer}, inner_{inner},
      ring_(std::bit_ceil(std::max(outer, inner))), mask_(ring_.size() - 1) {
    // nop
  }

  void push(int64_t value) noexcept {
    expire(outer_);
    expire(inner_);
    while (end_ != kept() && !Better{}(ring_[(end_ - 1) & mask_].value, value))
      --end_;
    outer_.first = std::min(outer_.first, end_);
    inner_.first = std::min(inner_.first, end_);
    ring_[end_++ & mask_] = {value, count_++};
  }

  /// @returns the extreme of the last `outer` values.
  /// @pre at least one value was pushed
  int64_t outer() const noexcept {
    return ring_[outer_.first & mask_].value;
  }

  /// @returns the extreme of the last `inner` values.
  /// @pre at least one value was pushed
  int64_t inner() const noexcept {
    return ring_[inner_.first & mask_].value;
  }

private:
  struct candidate {
    int64_t value;
    uint64_t index;
  };

  // The candidates of a window are those from `first` on.
  struct window {
    size_t length;
    uint64_t first = 0;
  };

  /// Lets go of the value that is `length` old when the next one comes.
  void expire(window& which) noexcept {
    auto& first = which.first;
    if (first != end_ && ring_[first & mask_].index + which.length <= count_)
      ++first;
  }

  uint64_t kept() const noexcept {
    return std::min(outer_.first, inner_.first);
  }

  window outer_;
  window inner_;
  // Counters; the slot is the counter modulo the size of the ring.
  std::vector<candidate> ring_;
  size_t mask_;
  uint64_t end_ = 0;
  uint64_t count_ = 0;
};

using rolling_highest = rolling_extremes<std::greater<>>;
using rolling_lowest = rolling_extremes<std::less<>>;

} // namespace qalpha
