// The last rows, folded into one value.

#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace qalpha {

/// Folds the last `length` values of something that can be put together, by
/// `Fold::merged(older, newer)`. Nothing is subtracted: a value that has left
/// the window has left no trace, not even in the last digit.
///
///     kept    [ new new new | suffix suffix suffix ]    suffix: what is left
///     of recent  = new + new + new                         the values before
///
/// Two merges a value on average; every `length` values one call makes as many.
template <class Fold>
class window_fold {
public:
  /// @pre `length > 0`
  explicit window_fold(size_t length) : kept_(length) {
    // nop
  }

  /// @returns the fold of the last values, this one included; of fewer than
  ///          `length` while there are no more.
  Fold add(const Fold& x) {
    recent_ = at_ == 0 ? x : Fold::merged(recent_, x);
    kept_[at_++] = x;
    if (at_ < kept_.size())
      return turned_ ? Fold::merged(kept_[at_], recent_) : recent_;
    for (auto i = at_ - 1; i > 0; --i)
      kept_[i - 1] = Fold::merged(kept_[i - 1], kept_[i]);
    at_ = 0;
    turned_ = true;
    return kept_.front();
  }

  /// @returns whether `length` values have come.
  bool full() const noexcept {
    return turned_;
  }

private:
  std::vector<Fold> kept_;
  Fold recent_{};
  size_t at_ = 0;
  // Whether what lies behind `at_` are suffixes.
  bool turned_ = false;
};

} // namespace qalpha
