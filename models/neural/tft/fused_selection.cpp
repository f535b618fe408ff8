#include "models/neural/tft/fused_selection.hpp"

#include <algorithm>

namespace qalpha {

namespace {

// Rows at a time, so that what a network needs stays in the nearest cache.
constexpr size_t block_rows = 48;

/// @returns columns `[first, first + count)`.
weight_matrix columns_of(const weight_matrix& x, size_t first, size_t count) {
  weight_matrix result{x.rows, count, {}};
  for (size_t row = 0; row < x.rows; ++row)
    result.values.insert(result.values.end(), x.row(row) + first,
                         x.row(row) + first + count);
  return result;
}

/// @returns each row of `x` as a layer changes it, with zeros up to `stride`.
std::vector<float> through(const weight_matrix& x, const weight_matrix& layer,
                           std::span<const double> bias, size_t stride) {
  std::vector<float> result;
  for (size_t row = 0; row < x.rows; ++row) {
    auto changed = product(layer, {x.row(row), x.columns});
    for (size_t i = 0; i < bias.size(); ++i)
      changed[i] += bias[i];
    auto floats = with_zeros(changed, stride);
    result.insert(result.end(), floats.begin(), floats.end());
  }
  return result;
}

std::vector<float> as_it_is(const weight_matrix& x, size_t stride) {
  std::vector<float> result;
  for (size_t row = 0; row < x.rows; ++row) {
    auto floats = with_zeros({x.row(row), x.columns}, stride);
    result.insert(result.end(), floats.begin(), floats.end());
  }
  return result;
}

/// A direction and an offset as two rows.
weight_matrix rows_of(const variable_vectors& x) {
  auto result = x.is_category() ? x.table
                                : weight_matrix{1, x.vector.size(), x.vector};
  if (!x.is_category()) {
    result.rows = 2;
    result.values.insert(result.values.end(), x.offset.begin(), x.offset.end());
  }
  return result;
}

} // namespace

// -- a layer over all variables

fused_selection::joint_layer::joint_layer(
  const weight_matrix& weight, std::span<const double> bias,
  const std::vector<variable_vectors>& variables) {
  auto width = weight.columns / variables.size();
  std::vector<double> total{bias.begin(), bias.end()};
  std::vector<double> folded(weight.rows * variables.size());
  for (size_t i = 0; i < variables.size(); ++i) {
    const auto& variable = variables[i];
    auto part = columns_of(weight, i * width, width);
    if (variable.is_category()) {
      of_codes.emplace_back(
        i, through(variable.table, part, {}, padded(weight.rows)));
      continue;
    }
    auto vector = product(part, variable.vector);
    auto offset = product(part, variable.offset);
    for (size_t row = 0; row < weight.rows; ++row) {
      folded[row * variables.size() + i] = vector[row];
      total[row] += offset[row];
    }
  }
  of_values = packed_matrix{weight.rows, variables.size(), folded, total};
}

void fused_selection::joint_layer::forward(const dense_kernels& kernels,
                                           matrix_view x, size_t rows,
                                           matrix_view out) const {
  kernels.multiply(of_values, x, rows, out);
  auto width = of_values.panels() * panel_width;
  for (const auto& [variable, table] : of_codes)
    for (size_t row = 0; row < rows; ++row) {
      auto code = static_cast<size_t>(x.row(row)[variable]);
      for (size_t i = 0; i < width; ++i)
        out.row(row)[i] += table[code * width + i];
    }
}

// -- selection

fused_selection::fused_selection(const weight_reader& weights,
                                 const std::string& name,
                                 const std::vector<variable_vectors>& variables,
                                 double epsilon) {
  stride_ = padded(rows_of(variables.front()).columns);
  for (const auto& variable : variables)
    add_network(weights, name + ".variables.", variable, epsilon);
  if (variables.size() > 1)
    read_joint(weights, name + ".joint.", variables, epsilon);
  auto most = std::max(stride_, padded(variables.size()));
  inner_ = row_buffer{block_rows, most};
  gates_ = row_buffer{block_rows, 2 * most};
  skip_ = row_buffer{block_rows, most};
}

void fused_selection::add_network(const weight_reader& weights,
                                  const std::string& name,
                                  const variable_vectors& variable,
                                  double epsilon) {
  auto i = variables_.size();
  auto rows = rows_of(variable);
  auto category = variable.is_category();
  auto layer = weights.matrix(name + "input_weight", i);
  auto bias = weights.vector(name + "input_bias", i);
  lookup first{
    category,
    through(rows, layer, category ? bias : std::vector<double>{}, stride_)};
  if (category)
    dense_kernels_of(vector_level::plain)
      .elu(first.rows.data(), first.rows.size());
  else // The bias is part of the offset, which is the second row.
    for (size_t k = 0; k < bias.size(); ++k)
      first.rows[stride_ + k] += static_cast<float>(bias[k]);
  variables_.push_back(
    {{category, as_it_is(rows, stride_)},
     std::move(first),
     make_gate(weights.matrix(name + "gate_weight", i),
               weights.vector(name + "gate_bias", i),
               weights.matrix(name + "output_weight", i),
               weights.vector(name + "output_bias", i)),
     make_norm(weights.vector(name + "norm_weight", i),
               weights.vector(name + "norm_bias", i), epsilon)});
}

void fused_selection::read_joint(const weight_reader& weights,
                                 const std::string& name,
                                 const std::vector<variable_vectors>& variables,
                                 double epsilon) {
  joint_first_ = {weights.matrix(name + "input.weight"),
                  weights.vector(name + "input.bias"), variables};
  joint_skip_ = {weights.matrix(name + "skip.weight"),
                 weights.vector(name + "skip.bias"), variables};
  joint_rest_ = make_gate(weights.matrix(name + "gate.weight"),
                          weights.vector(name + "gate.bias"),
                          weights.matrix(name + "output.weight"),
                          weights.vector(name + "output.bias"));
  joint_norm_ = make_norm(weights.vector(name + "norm.weight"),
                          weights.vector(name + "norm.bias"), epsilon);
  if (!weights.has(name + "context.weight"))
    return;
  auto context = weights.matrix(name + "context.weight");
  joint_context_
    = packed_matrix{context.rows, context.columns, context.values, {}};
}

std::vector<float> fused_selection::read_context(const dense_kernels& kernels,
                                                 const float* context) const {
  std::vector<float> result(joint_context_.panels() * panel_width);
  // Kernels do not change what they read.
  kernels.multiply(joint_context_, {const_cast<float*>(context), 0}, 1,
                   {result.data(), 0});
  return result;
}

void fused_selection::forward(const dense_kernels& kernels, matrix_view x,
                              const std::vector<float>& context, size_t rows,
                              matrix_view sum, matrix_view shares) {
  for (size_t first = 0; first < rows; first += block_rows) {
    auto count = std::min(block_rows, rows - first);
    matrix_view values{x.row(first), x.stride};
    matrix_view sums{sum.row(first), sum.stride};
    matrix_view weights{shares.row(first), shares.stride};
    share_out(kernels, values, context, count, weights);
    add_up(kernels, values, count, sums, weights);
  }
}

void fused_selection::share_out(const dense_kernels& kernels, matrix_view x,
                                const std::vector<float>& context, size_t rows,
                                matrix_view shares) {
  if (variables_.size() == 1) {
    for (size_t row = 0; row < rows; ++row)
      shares.row(row)[0] = 1;
    return;
  }
  auto inner = inner_.view();
  auto gates = gates_.view();
  auto skip = skip_.view();
  joint_first_.forward(kernels, x, rows, inner);
  for (size_t row = 0; row < rows; ++row) {
    auto* values = inner.row(row);
    for (size_t i = 0; i < context.size(); ++i)
      values[i] += context[i];
    kernels.elu(values, stride_);
  }
  kernels.multiply(joint_rest_, inner, rows, gates);
  joint_skip_.forward(kernels, x, rows, skip);
  kernels.gate_norm(gates, skip, joint_norm_, nullptr, 0, rows, shares);
  for (size_t row = 0; row < rows; ++row)
    kernels.softmax(shares.row(row), variables_.size());
}

void fused_selection::add_up(const dense_kernels& kernels, matrix_view x,
                             size_t rows, matrix_view sum, matrix_view shares) {
  auto inner = inner_.view();
  auto gates = gates_.view();
  auto skip = skip_.view();
  for (size_t row = 0; row < rows; ++row)
    std::fill_n(sum.row(row), stride_, 0.0f);
  for (size_t i = 0; i < variables_.size(); ++i) {
    const auto& network = variables_[i];
    const auto* values = x.values + i;
    const auto* first = network.first.rows.data();
    const auto* embedded = network.embedded.rows.data();
    if (network.first.is_category) {
      for (size_t row = 0; row < rows; ++row) {
        auto code = static_cast<size_t>(values[row * x.stride]);
        std::copy_n(first + code * stride_, stride_, inner.row(row));
        std::copy_n(embedded + code * stride_, stride_, skip.row(row));
      }
    } else {
      kernels.elu_of_values(values, x.stride, {first, first + stride_}, rows,
                            stride_, inner);
      kernels.values(values, x.stride, {embedded, embedded + stride_}, rows,
                     stride_, skip);
    }
    kernels.multiply(network.rest, inner, rows, gates);
    kernels.gate_norm(gates, skip, network.norm, shares.values + i,
                      shares.stride, rows, sum);
  }
}

} // namespace qalpha
