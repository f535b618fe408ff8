#include "models/neural/kernels/packed_matrix.hpp"

#include <algorithm>

namespace qalpha {

packed_matrix::packed_matrix(size_t outputs, size_t inputs,
                             std::span<const double> weight,
                             std::span<const double> bias) {
  resize(outputs, inputs);
  for (size_t out = 0; out < outputs; ++out) {
    auto* to = values_.data() + out / panel_width * inputs * panel_width
               + out % panel_width;
    for (size_t in = 0; in < inputs; ++in)
      to[in * panel_width] = static_cast<float>(weight[out * inputs + in]);
  }
  for (size_t out = 0; out < bias.size(); ++out)
    bias_[out] = static_cast<float>(bias[out]);
}

void packed_matrix::resize(size_t outputs, size_t inputs) {
  inputs_ = inputs;
  values_.assign(padded(outputs) * inputs, 0);
  bias_.assign(padded(outputs), 0);
}

void packed_matrix::assign_transposed(const float* x, size_t rows,
                                      size_t columns, size_t stride) {
  resize(rows, columns);
  for (size_t row = 0; row < rows; ++row) {
    auto* to = values_.data() + row / panel_width * columns * panel_width
               + row % panel_width;
    for (size_t column = 0; column < columns; ++column)
      to[column * panel_width] = x[row * stride + column];
  }
}

void packed_matrix::assign(const float* x, size_t rows, size_t columns,
                           size_t stride) {
  resize(columns, rows);
  for (size_t first = 0; first < columns; first += panel_width) {
    auto* to = values_.data() + first * rows;
    auto width = std::min(panel_width, columns - first);
    for (size_t row = 0; row < rows; ++row)
      std::copy_n(x + row * stride + first, width, to + row * panel_width);
  }
}

} // namespace qalpha
