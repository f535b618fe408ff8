// The weights of a checkpoint by name, as double precision, without LibTorch.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/neural/kernels/dense_kernels.hpp"

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace qalpha {

/// A matrix row by row.
struct weight_matrix {
  size_t rows = 0;
  size_t columns = 0;
  std::vector<double> values;

  const double* row(size_t i) const noexcept {
    return values.data() + i * columns;
  }
};

/// @returns `a b`.
weight_matrix product(const weight_matrix& a, const weight_matrix& b);

/// @returns `a x`.
std::vector<double> product(const weight_matrix& a, std::span<const double> x);

/// @returns `x` with zeros behind up to `size`.
std::vector<float> with_zeros(std::span<const double> x, size_t size);

/// Looks up tensors. All names have been checked before.
class weight_reader {
public:
  /// @param tensors outlives it
  explicit weight_reader(std::span<const tensor_values> tensors);

  bool has(const std::string& name) const {
    return tensors_.find(name) != tensors_.end();
  }

  /// @returns a tensor's values one behind the other.
  std::vector<double> vector(const std::string& name) const;

  /// @returns row `i` of a tensor of two sides.
  std::vector<double> vector(const std::string& name, size_t i) const;

  weight_matrix matrix(const std::string& name) const;

  /// @returns matrix `i` of a tensor of three sides.
  weight_matrix matrix(const std::string& name, size_t i) const;

private:
  std::span<const float> part(const std::string& name, size_t i) const;

  std::unordered_map<std::string, const tensor_values*> tensors_;
};

/// @returns the normalisation whose weights are `scale` and `offset`.
norm_weights make_norm(std::span<const double> scale,
                       std::span<const double> offset, double epsilon);

/// The layer before a gate and the gate, which nothing comes between where
/// nothing is left out: one layer of `2 padded(width)` outputs.
/// @param inner empty: there is no layer before
packed_matrix
make_gate(const weight_matrix& gate, std::span<const double> gate_bias,
          const weight_matrix& inner, std::span<const double> inner_bias);

} // namespace qalpha
