// Loops of neural networks that only training needs, without LibTorch.

#pragma once

#include "models/neural/kernels/dense_kernels.hpp"

#include <cstdint>

namespace qalpha {

/// Which values training leaves out: those whose number, made of their place
/// and the seed, is below `limit`. The others are multiplied by `factor`.
struct left_out {
  uint32_t seed = 0;
  uint32_t limit = 0;
  float factor = 1;
};

/// Where gradients of a normalisation are added to, `padded(width)` values.
struct norm_gradients {
  float* scale;
  float* offset;
};

/// What a processor does best, chosen once.
struct training_kernels {
  /// Leaves out some of `count` values, the first of which has place `first`.
  /// Once more on a gradient it is its own gradient.
  void (*leave_out)(float* x, size_t count, uint32_t first, left_out which);

  /// The gradient of `gate_norm` with shares. `gates` and `skip` hold what went
  /// into it and get their gradients; `share_gradient` gets one value a row,
  /// `share_stride` apart.
  void (*gate_norm_gradient)(matrix_view gates, matrix_view skip,
                             const norm_weights& norm, const float* share,
                             size_t share_stride, matrix_view gradient,
                             size_t rows, float* share_gradient,
                             norm_gradients to);

  /// The gradient of ELU, whose result was `y`.
  void (*elu_gradient)(const float* y, float* gradient, size_t count);

  /// Adds up rows of `width` values, and rows times a factor each.
  void (*sum_rows)(matrix_view x, size_t rows, size_t width,
                   const float* factors, size_t factor_stride, float* sum,
                   float* sum_of_products);
};

/// @pre `level` is supported
const training_kernels& training_kernels_of(vector_level level) noexcept;

} // namespace qalpha
