// Absolute values in order, of many at a time.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace qalpha {

/// Looks at the absolute values of a list: the middle ones, or all by size.
/// They are first counted in bins of equal width, which takes a few nanoseconds
/// a value for what noise looks like; a crowded bin is sorted as usual. Keeps
/// its memory for the next list.
class magnitude_order {
public:
  /// Takes a list of finite numbers, which has to live on.
  void look_at(std::span<const double> values);

  /// @returns the median of the absolute values, 0 of none.
  /// @param leave_out_zeros takes the median of the others
  double median(bool leave_out_zeros = false);

  /// @returns all absolute values, rising.
  std::span<const double> sorted();

private:
  void count();
  double nth(size_t index);

  std::span<const double> values_;
  size_t zeros_ = 0;
  std::vector<uint32_t> bin_of_;
  // Where each bin begins; one more at the end.
  std::vector<uint32_t> begins_;
  std::vector<uint32_t> next_;
  std::vector<double> sorted_;
  std::vector<double> one_bin_;
};

} // namespace qalpha
