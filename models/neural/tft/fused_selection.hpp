// Which variables matter at a step, for forecasts. Without LibTorch.

#pragma once

#include "models/neural/tft/fused_blocks.hpp"

namespace qalpha {

/// What stands for one variable: a table for a category, else a direction and
/// an offset.
struct variable_vectors {
  weight_matrix table;
  std::vector<double> vector;
  std::vector<double> offset;

  bool is_category() const noexcept {
    return !table.values.empty();
  }
};

/// As `variable_selection`.
class fused_selection {
public:
  fused_selection(const weight_reader& weights, const std::string& name,
                  const std::vector<variable_vectors>& variables,
                  double epsilon);

  size_t variables() const noexcept {
    return variables_.size();
  }

  /// @returns what a context adds to the first layer, for a network with one.
  std::vector<float> read_context(const dense_kernels& kernels,
                                  const float* context) const;

  /// @param x one value or code a variable, row by row
  /// @param context what `read_context` gave, or empty
  /// @param sum `[rows, width]`
  /// @param shares `[rows, variables]`
  void forward(const dense_kernels& kernels, matrix_view x,
               const std::vector<float>& context, size_t rows, matrix_view sum,
               matrix_view shares);

private:
  /// Rows of one variable's way through its network.
  struct lookup {
    bool is_category = false;
    /// A row a class, or a direction and an offset.
    std::vector<float> rows;
  };

  struct network {
    lookup embedded;
    /// After the first layer; of a category after its ELU too.
    lookup first;
    packed_matrix rest;
    norm_weights norm;
  };

  void add_network(const weight_reader& weights, const std::string& name,
                   const variable_vectors& variable, double epsilon);
  void read_joint(const weight_reader& weights, const std::string& name,
                  const std::vector<variable_vectors>& variables,
                  double epsilon);
  void share_out(const dense_kernels& kernels, matrix_view x,
                 const std::vector<float>& context, size_t rows,
                 matrix_view shares);
  void add_up(const dense_kernels& kernels, matrix_view x, size_t rows,
              matrix_view sum, matrix_view shares);

  /// A layer over all variables: values are multiplied, codes looked up.
  struct joint_layer {
    packed_matrix of_values;
    std::vector<std::pair<size_t, std::vector<float>>> of_codes;

    joint_layer() = default;
    joint_layer(const weight_matrix& weight, std::span<const double> bias,
                const std::vector<variable_vectors>& variables);

    void forward(const dense_kernels& kernels, matrix_view x, size_t rows,
                 matrix_view out) const;
  };

  size_t stride_;
  std::vector<network> variables_;
  joint_layer joint_first_;
  joint_layer joint_skip_;
  packed_matrix joint_context_;
  packed_matrix joint_rest_;
  norm_weights joint_norm_;
  row_buffer inner_;
  row_buffer gates_;
  row_buffer skip_;
};

} // namespace qalpha
