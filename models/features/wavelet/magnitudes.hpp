// Absolute values in order, of many at a time.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace qalpha {

/// Looks at the absolute values of a list: the middle ones, or some by size.
/// They are first counted in bins of equal width; what lies in bins that are
/// not asked for is never sorted. Keeps its memory for the next list.
class magnitude_order {
public:
  /// Takes a list of finite numbers, which has to live on.
  void look_at(std::span<const double> values);

  /// @returns the median of the absolute values, 0 of none.
  /// @param leave_out_zeros takes the median of the others
  double median(bool leave_out_zeros = false);

  /// @returns all absolute values, rising.
  std::span<const double> sorted() {
    return sorted(0, bins());
  }

  /// @returns those in the bins from `first` to before `end`, rising; until the
  ///          next call.
  std::span<const double> sorted(size_t first, size_t end);

  size_t size() const noexcept {
    return values_.size();
  }

  size_t bins() const noexcept {
    return begins_.size() - 1;
  }

  /// @returns how many values lie in the bins before this one.
  size_t before(size_t bin) const noexcept {
    return begins_[bin];
  }

  /// @returns what no value in a bin is below.
  double lowest(size_t bin) const noexcept;

  /// @returns what no value in a bin is above.
  double highest(size_t bin) const noexcept;

  /// @returns the sum of the squares in each bin.
  std::span<const double> squares();

private:
  double nth(size_t index);

  std::span<const double> values_;
  size_t zeros_ = 0;
  double largest_ = 0;
  // Bins in one unit; 0 if all lie in the first.
  double scale_ = 0;
  std::vector<uint32_t> bin_of_;
  // Where each bin begins; one more at the end.
  std::vector<uint32_t> begins_{0};
  std::vector<double> squares_;
  std::vector<double> some_;
};

} // namespace qalpha
