// The blocks of the temporal fusion transformer for forecasts: layers that
// nothing comes between are one, and nothing is kept for gradients. Without
// LibTorch.

#pragma once

#include "models/neural/tft/weight_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace qalpha {

/// A place for rows on the way, one for all blocks.
class row_buffer {
public:
  row_buffer() = default;

  row_buffer(size_t rows, size_t columns)
    : values_(rows * padded(columns)), stride_(padded(columns)) {
    // nop
  }

  matrix_view view(size_t first_row = 0) {
    return {values_.data() + first_row * stride_, stride_};
  }

  /// Moves all rows but the first `rows` to the beginning.
  void drop_first(size_t rows) {
    std::copy(values_.begin() + static_cast<std::ptrdiff_t>(rows * stride_),
              values_.end(), values_.begin());
  }

  size_t stride() const noexcept {
    return stride_;
  }

private:
  std::vector<float> values_;
  size_t stride_ = 0;
};

/// As `gate_add_norm`.
class fused_gate {
public:
  /// @param name of the module in the checkpoint
  fused_gate(const weight_reader& weights, const std::string& name,
             double epsilon);

  /// @param gates a place for rows of twice the width
  void forward(const dense_kernels& kernels, matrix_view x, matrix_view skip,
               size_t rows, matrix_view gates, matrix_view out) const;

private:
  packed_matrix gate_;
  norm_weights norm_;
};

/// As `gated_residual` whose input is what the rest is added to.
class fused_residual {
public:
  fused_residual(const weight_reader& weights, const std::string& name,
                 double epsilon);

  /// @returns what a context adds to the first layer.
  std::vector<float> read_context(const dense_kernels& kernels,
                                  const float* context) const;

  /// @param context what `read_context` gave, or empty
  /// @param inner a place for rows
  /// @param gates a place for rows of twice the width
  void forward(const dense_kernels& kernels, matrix_view x,
               const std::vector<float>& context, size_t rows,
               matrix_view inner, matrix_view gates, matrix_view out) const;

private:
  packed_matrix first_;
  packed_matrix from_context_;
  packed_matrix rest_;
  norm_weights norm_;
};

/// As `recurrent_layer`.
class fused_recurrent {
public:
  fused_recurrent(const weight_reader& weights, const std::string& name);

  size_t projected_columns() const noexcept {
    return input_.panels() * panel_width;
  }

  /// What the inputs of a step add to its gates, on their own.
  void project(const dense_kernels& kernels, matrix_view x, size_t rows,
               matrix_view projected) const;

  void forward(const dense_kernels& kernels, matrix_view projected, size_t rows,
               float* hidden, float* cell, matrix_view out) const;

private:
  packed_matrix input_;
  recurrent_weights recurrent_;
};

} // namespace qalpha
