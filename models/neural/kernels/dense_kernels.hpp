// Loops of neural networks for one processor, without LibTorch. A row's result
// does not depend on the rows beside it, to the last bit.

#pragma once

#include "models/features/block/vector_level.hpp"
#include "models/neural/kernels/packed_matrix.hpp"

#include <cstddef>

namespace qalpha {

/// Rows of single precision values, `stride` apart.
struct matrix_view {
  float* values;
  size_t stride;

  float* row(size_t i) const noexcept {
    return values + i * stride;
  }
};

/// A scale and an offset after the normalisation of `width` values, with zeros
/// behind them up to `padded(width)`.
struct norm_weights {
  size_t width = 0;
  std::vector<float> scale;
  std::vector<float> offset;
  /// Ones, and zeros behind them: what lies there must not count, not even to
  /// be taken off again, which costs digits where the mean is large.
  std::vector<float> inside;
  float epsilon = 0;
};

/// What stands for the values of one variable: a direction and an offset, as
/// long as a row.
struct direction {
  const float* vector;
  const float* offset;
};

/// Weights of long short-term memory whose input has been multiplied already.
struct recurrent_weights {
  size_t width = 0;
  /// `padded(width)` inputs at the most; outputs by sixteen units: their input
  /// gates, forget gates, cells and output gates.
  packed_matrix hidden;
};

/// What a processor does best, chosen once.
struct dense_kernels {
  /// `out = W a + b` row by row; `out` has `16 * w.panels()` columns.
  void (*multiply)(const packed_matrix& w, matrix_view a, size_t rows,
                   matrix_view out);

  /// `x = ELU(x)`.
  void (*elu)(float* x, size_t count);

  /// `out = ELU(x[i] vector + offset)` row by row, `padded(width)` columns.
  void (*elu_of_values)(const float* x, size_t x_stride, direction by,
                        size_t rows, size_t width, matrix_view out);

  /// `out = x[i] vector + offset`.
  void (*values)(const float* x, size_t x_stride, direction by, size_t rows,
                 size_t width, matrix_view out);

  /// `out = norm(a sigmoid(b) + skip)` where a gate row is `padded(width)`
  /// values of a and as many of b. With `share` it is multiplied by that of its
  /// row and added to `out` instead.
  void (*gate_norm)(matrix_view gates, matrix_view skip,
                    const norm_weights& norm, const float* share,
                    size_t share_stride, size_t rows, matrix_view out);

  /// Makes shares of the first `width` values, zeros of those behind up to
  /// `padded(width)`.
  void (*softmax)(float* x, size_t width);

  /// `out[i]` from `projected[i]` and the step before it. `hidden` and `cell`
  /// are the state before and after, `padded(width)` values.
  void (*recur)(const recurrent_weights& w, matrix_view projected, size_t rows,
                float* hidden, float* cell, matrix_view out);
};

/// @pre `level` is supported
const dense_kernels& dense_kernels_of(vector_level level) noexcept;

} // namespace qalpha
