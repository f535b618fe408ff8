// The median of the last values.

#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace qalpha {

/// Keeps the last values in order of size. A value costs a search and a move of
/// what lies between the one that goes and the one that comes.
class rolling_median {
public:
  explicit rolling_median(size_t window) : ring_(window) {
    sorted_.reserve(window);
  }

  bool full() const noexcept {
    return sorted_.size() == ring_.size();
  }

  /// @param x finite
  void take(double x) {
    if (full()) {
      auto gone = std::lower_bound(sorted_.begin(), sorted_.end(),
                                   ring_[next_]);
      auto place = std::lower_bound(sorted_.begin(), sorted_.end(), x);
      if (gone < place) {
        std::move(gone + 1, place, gone);
        *(place - 1) = x;
      } else {
        std::move_backward(place, gone, gone + 1);
        *place = x;
      }
    } else {
      sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), x), x);
    }
    ring_[next_] = x;
    next_ = (next_ + 1) % ring_.size();
  }

  /// @pre at least one value
  double median() const noexcept {
    auto half = sorted_.size() / 2;
    return sorted_.size() % 2 == 1 ? sorted_[half]
                                   : (sorted_[half - 1] + sorted_[half]) / 2;
  }

  void clear() noexcept {
    sorted_.clear();
    next_ = 0;
  }

private:
  std::vector<double> ring_;
  size_t next_ = 0;
  std::vector<double> sorted_;
};

} // namespace qalpha
