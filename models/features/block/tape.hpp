// Where a kernel keeps intermediate columns.

#pragma once

#include "models/features/block/rows.hpp"

#include <algorithm>
#include <vector>

namespace qalpha {

/// Columns with the rows at hand and some before them, all at the same place.
/// Before the first row there are zeros.
class tape {
public:
  /// @param longest at least the reach of each column
  explicit tape(size_t longest) : room_(std::max(block_rows, longest)) {
    // nop
  }

  tape(tape&&) = default;

  /// @param reach how many rows back will be read
  /// @returns row 0; row `i` is `i` values behind it. It stays there.
  double* add(size_t reach) {
    columns_.push_back({reach, std::vector<double>(reach + room_)});
    return columns_.back().values.data() + reach;
  }

  /// @returns the place of the next rows.
  /// @pre `count <= block_rows`
  QALPHA_INLINE size_t take(size_t count) {
    if (at_ + count > room_)
      rewind();
    auto result = at_;
    at_ += count;
    return result;
  }

  void clear() {
    at_ = 0;
    for (auto& column : columns_)
      std::fill(column.values.begin(), column.values.end(), 0.0);
  }

private:
  struct column {
    size_t reach;
    std::vector<double> values;
  };

  // The last rows become those before the first.
  [[gnu::noinline]] void rewind() {
    for (auto& [reach, values] : columns_)
      std::memmove(values.data(), values.data() + at_, reach * sizeof(double));
    at_ = 0;
  }

  size_t room_;
  size_t at_ = 0;
  std::vector<column> columns_;
};

/// What all kernels have.
class block_kernel {
public:
  /// @param longest reach of a column
  explicit block_kernel(size_t longest) : memory_(longest) {
    // nop
  }

  tape& memory() noexcept {
    return memory_;
  }

protected:
  /// @returns the rows at hand of `column`, filled with those of `from`.
  template <class Rows>
  QALPHA_INLINE static double*
  keep(const Rows& now, double* column, const double* from) {
    auto to = column + now.at;
    for_rows(now, [=](size_t i) { to[i] = from[i]; });
    return to;
  }

  tape memory_;
};

} // namespace qalpha
