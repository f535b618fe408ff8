#include "models/neural/tft/fused_blocks.hpp"

#include <algorithm>

namespace qalpha {

namespace {

packed_matrix pack(const weight_matrix& x, std::span<const double> bias) {
  return {x.rows, x.columns, x.values, bias};
}

/// Four gates of all units become, sixteen units at a time, their four gates.
weight_matrix by_units(const weight_matrix& x) {
  auto width = x.rows / 4;
  weight_matrix result{4 * padded(width), x.columns, {}};
  result.values.resize(result.rows * result.columns);
  for (size_t gate = 0; gate < 4; ++gate)
    for (size_t unit = 0; unit < width; ++unit) {
      auto to = (unit / panel_width * 4 + gate) * panel_width
                + unit % panel_width;
      std::copy_n(x.row(gate * width + unit), x.columns,
                  result.values.data() + to * x.columns);
    }
  return result;
}

} // namespace

// -- gate

fused_gate::fused_gate(const weight_reader& weights, const std::string& name,
                       double epsilon)
  : gate_(make_gate(weights.matrix(name + ".gate.weight"),
                    weights.vector(name + ".gate.bias"), {}, {})),
    norm_(make_norm(weights.vector(name + ".norm.weight"),
                    weights.vector(name + ".norm.bias"), epsilon)) {
  // nop
}

void fused_gate::forward(const dense_kernels& kernels, matrix_view x,
                         matrix_view skip, size_t rows, matrix_view gates,
                         matrix_view out) const {
  kernels.multiply(gate_, x, rows, gates);
  kernels.gate_norm(gates, skip, norm_, nullptr, 0, rows, out);
}

// -- residual

fused_residual::fused_residual(const weight_reader& weights,
                               const std::string& name, double epsilon)
  : first_(pack(weights.matrix(name + ".input.weight"),
                weights.vector(name + ".input.bias"))),
    rest_(make_gate(weights.matrix(name + ".gate.weight"),
                    weights.vector(name + ".gate.bias"),
                    weights.matrix(name + ".output.weight"),
                    weights.vector(name + ".output.bias"))),
    norm_(make_norm(weights.vector(name + ".norm.weight"),
                    weights.vector(name + ".norm.bias"), epsilon)) {
  if (weights.has(name + ".context.weight"))
    from_context_ = pack(weights.matrix(name + ".context.weight"), {});
}

std::vector<float> fused_residual::read_context(const dense_kernels& kernels,
                                                const float* context) const {
  std::vector<float> result(from_context_.panels() * panel_width);
  // Kernels do not change what they read.
  kernels.multiply(from_context_, {const_cast<float*>(context), 0}, 1,
                   {result.data(), 0});
  return result;
}

void fused_residual::forward(const dense_kernels& kernels, matrix_view x,
                             const std::vector<float>& context, size_t rows,
                             matrix_view inner, matrix_view gates,
                             matrix_view out) const {
  kernels.multiply(first_, x, rows, inner);
  for (size_t row = 0; row < rows; ++row) {
    auto* values = inner.row(row);
    for (size_t i = 0; i < context.size(); ++i)
      values[i] += context[i];
    kernels.elu(values, first_.panels() * panel_width);
  }
  kernels.multiply(rest_, inner, rows, gates);
  kernels.gate_norm(gates, x, norm_, nullptr, 0, rows, out);
}

// -- recurrent

fused_recurrent::fused_recurrent(const weight_reader& weights,
                                 const std::string& name) {
  auto bias = weights.vector(name + ".input_bias");
  auto more = weights.vector(name + ".hidden_bias");
  for (size_t i = 0; i < bias.size(); ++i)
    bias[i] += more[i];
  auto size = bias.size();
  auto ordered_bias = by_units({size, 1, std::move(bias)});
  auto input = by_units(weights.matrix(name + ".input_weight"));
  auto hidden = by_units(weights.matrix(name + ".hidden_weight"));
  recurrent_ = {hidden.columns, pack(hidden, {})};
  input_ = pack(input, ordered_bias.values);
}

void fused_recurrent::project(const dense_kernels& kernels, matrix_view x,
                              size_t rows, matrix_view projected) const {
  kernels.multiply(input_, x, rows, projected);
}

void fused_recurrent::forward(const dense_kernels& kernels,
                              matrix_view projected, size_t rows, float* hidden,
                              float* cell, matrix_view out) const {
  kernels.recur(recurrent_, projected, rows, hidden, cell, out);
}

} // namespace qalpha
