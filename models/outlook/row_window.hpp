// The last rows of a table, in one piece.

#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace qalpha {

/// Keeps the last `rows` rows that were pushed since it was last cleared,
/// oldest first. A push copies one row; every `rows` pushes the window moves.
class row_window {
public:
  row_window(size_t rows, size_t columns)
    : rows_(rows), columns_(columns), values_(2 * rows * columns) {
    // nop
  }

  void push(std::span<const double> row) {
    if (end_ == 2 * rows_) {
      auto first = values_.begin()
                   + static_cast<ptrdiff_t>((end_ - rows_ + 1) * columns_);
      std::copy(first, values_.end(), values_.begin());
      end_ = rows_ - 1;
    }
    std::copy(row.begin(), row.end(),
              values_.begin() + static_cast<ptrdiff_t>(end_ * columns_));
    ++end_;
    count_ = std::min(count_ + 1, rows_);
  }

  void clear() noexcept {
    end_ = count_ = 0;
  }

  size_t size() const noexcept {
    return count_;
  }

  bool full() const noexcept {
    return count_ == rows_;
  }

  /// @returns the rows that are there.
  std::span<const double> rows() const noexcept {
    return {values_.data() + (end_ - count_) * columns_, count_ * columns_};
  }

private:
  size_t rows_;
  size_t columns_;
  std::vector<double> values_;
  // Row behind the last one; rows that are there.
  size_t end_ = 0;
  size_t count_ = 0;
};

} // namespace qalpha
