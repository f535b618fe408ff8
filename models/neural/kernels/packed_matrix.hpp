// A layer laid out for multiplication, without LibTorch.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace qalpha {

/// Columns that are computed together. Rows of results have a multiple of it,
/// zeros after the last column.
inline constexpr size_t panel_width = 16;

/// @returns the columns with the zeros behind them.
constexpr size_t padded(size_t columns) noexcept {
  return (columns + panel_width - 1) / panel_width * panel_width;
}

/// Weights and bias of `y = W x + b`, sixteen outputs side by side.
class packed_matrix {
public:
  packed_matrix() = default;

  /// @param weight `outputs` rows of `inputs` values
  /// @param bias one value an output; empty: zeros
  packed_matrix(size_t outputs, size_t inputs, std::span<const double> weight,
                std::span<const double> bias);

  size_t inputs() const noexcept {
    return inputs_;
  }

  size_t panels() const noexcept {
    return bias_.size() / panel_width;
  }

  /// @returns sixteen values an input.
  const float* panel(size_t i) const noexcept {
    return values_.data() + i * inputs_ * panel_width;
  }

  /// @returns sixteen values.
  const float* bias(size_t panel) const noexcept {
    return bias_.data() + panel * panel_width;
  }

  /// Becomes `x^T` without a bias, or `x`; memory is kept from call to call.
  /// @param x `rows` rows of `columns` values, `stride` apart
  void assign_transposed(const float* x, size_t rows, size_t columns,
                         size_t stride);
  void assign(const float* x, size_t rows, size_t columns, size_t stride);

private:
  void resize(size_t outputs, size_t inputs);

  size_t inputs_ = 0;
  std::vector<float> values_;
  std::vector<float> bias_;
};

} // namespace qalpha
