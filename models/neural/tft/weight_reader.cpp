#include "models/neural/tft/weight_reader.hpp"

#include <algorithm>

namespace qalpha {

weight_matrix product(const weight_matrix& a, const weight_matrix& b) {
  weight_matrix result{a.rows, b.columns, {}};
  result.values.resize(a.rows * b.columns);
  for (size_t i = 0; i < a.rows; ++i) {
    auto* to = result.values.data() + i * b.columns;
    for (size_t k = 0; k < a.columns; ++k)
      for (size_t j = 0; j < b.columns; ++j)
        to[j] += a.row(i)[k] * b.row(k)[j];
  }
  return result;
}

std::vector<double> product(const weight_matrix& a, std::span<const double> x) {
  std::vector<double> result(a.rows);
  for (size_t i = 0; i < a.rows; ++i)
    for (size_t k = 0; k < a.columns; ++k)
      result[i] += a.row(i)[k] * x[k];
  return result;
}

std::vector<float> with_zeros(std::span<const double> x, size_t size) {
  std::vector<float> result(size);
  std::transform(x.begin(), x.end(), result.begin(),
                 [](double v) { return static_cast<float>(v); });
  return result;
}

weight_reader::weight_reader(std::span<const tensor_values> tensors) {
  for (const auto& x : tensors)
    tensors_.emplace(x.name, &x);
}

std::vector<double> weight_reader::vector(const std::string& name) const {
  const auto& values = tensors_.at(name)->values;
  return {values.begin(), values.end()};
}

std::vector<double> weight_reader::vector(const std::string& name,
                                          size_t i) const {
  auto values = part(name, i);
  return {values.begin(), values.end()};
}

weight_matrix weight_reader::matrix(const std::string& name) const {
  const auto& shape = tensors_.at(name)->shape;
  return {static_cast<size_t>(shape.at(0)), static_cast<size_t>(shape.at(1)),
          vector(name)};
}

weight_matrix weight_reader::matrix(const std::string& name, size_t i) const {
  const auto& shape = tensors_.at(name)->shape;
  return {static_cast<size_t>(shape.at(1)), static_cast<size_t>(shape.at(2)),
          vector(name, i)};
}

std::span<const float> weight_reader::part(const std::string& name,
                                           size_t i) const {
  const auto& x = *tensors_.at(name);
  auto size = x.values.size() / static_cast<size_t>(x.shape.at(0));
  return std::span{x.values}.subspan(i * size, size);
}

norm_weights make_norm(std::span<const double> scale,
                       std::span<const double> offset, double epsilon) {
  auto size = padded(scale.size());
  return {scale.size(), with_zeros(scale, size), with_zeros(offset, size),
          with_zeros(std::vector<double>(scale.size(), 1.0), size),
          static_cast<float>(epsilon)};
}

packed_matrix
make_gate(const weight_matrix& gate, std::span<const double> gate_bias,
          const weight_matrix& inner, std::span<const double> inner_bias) {
  auto joined = inner.values.empty() ? gate : product(gate, inner);
  std::vector<double> bias{gate_bias.begin(), gate_bias.end()};
  if (!inner.values.empty()) {
    auto passed = product(gate, inner_bias);
    for (size_t i = 0; i < bias.size(); ++i)
      bias[i] += passed[i];
  }
  // The halves begin at a panel each.
  auto width = gate.rows / 2;
  auto half = padded(width);
  std::vector<double> weight(2 * half * joined.columns);
  std::vector<double> all_bias(2 * half);
  for (size_t row = 0; row < 2 * width; ++row) {
    auto to = row < width ? row : half + row - width;
    std::copy_n(joined.row(row), joined.columns,
                weight.data() + to * joined.columns);
    all_bias[to] = bias[row];
  }
  return {2 * half, joined.columns, weight, all_bias};
}

} // namespace qalpha
