#include "models/neural/torch.hpp"

#include "models/neural/tft/networks_function.hpp"

#include "models/neural/tft/weight_reader.hpp"

#include <algorithm>
#include <array>

namespace qalpha {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// Rows at a time.
constexpr size_t block_rows = 192;

size_t side(const torch::Tensor& x, int64_t i) {
  return static_cast<size_t>(x.size(i));
}

/// @returns a copy with zeros behind each row up to a whole panel.
torch::Tensor pad(const torch::Tensor& x) {
  auto width = x.size(-1);
  auto more = static_cast<int64_t>(padded(side(x, -1))) - width;
  return torch::constant_pad_nd(x.detach(), {0, more}).contiguous();
}

std::vector<double> doubles(const torch::Tensor& x) {
  auto plain = x.contiguous();
  const auto* first = plain.data_ptr<float>();
  return {first, first + plain.numel()};
}

weight_matrix matrix_of(const torch::Tensor& x) {
  return {side(x, 0), side(x, 1), doubles(x)};
}

/// @returns the layer that takes a gradient back through `x`.
packed_matrix backwards(const weight_matrix& x, size_t columns) {
  std::vector<double> turned(columns * x.rows);
  for (size_t row = 0; row < x.rows; ++row)
    for (size_t column = 0; column < x.columns; ++column)
      turned[column * x.rows + row] = x.row(row)[column];
  return {columns, x.rows, turned, {}};
}

/// The halves of a gate begin at a panel each.
weight_matrix pad_halves(const weight_matrix& x) {
  auto half = x.rows / 2;
  weight_matrix result{2 * padded(half), x.columns, {}};
  result.values.resize(result.rows * x.columns);
  for (size_t row = 0; row < x.rows; ++row)
    std::copy_n(x.row(row), x.columns,
                result.values.data()
                  + (row < half ? row : padded(half) + row - half) * x.columns);
  return result;
}

/// One network, ready for its rows.
struct network {
  network(const tensor_list& in, int64_t i, double epsilon, bool with_gradient)
    : output(side(in[4], 1), side(in[4], 2), doubles(in[4][i]),
             doubles(in[5][i])),
      gate(make_gate(matrix_of(in[6][i]), doubles(in[7][i]), {}, {})),
      norm(make_norm(doubles(in[8][i]), doubles(in[9][i]), epsilon)) {
    if (!with_gradient)
      return;
    output_back = backwards(matrix_of(in[4][i]), side(in[4], 2));
    gate_back = backwards(pad_halves(matrix_of(in[6][i])), side(in[6], 2));
  }

  packed_matrix output;
  packed_matrix gate;
  norm_weights norm;
  packed_matrix output_back;
  packed_matrix gate_back;
};

/// Places for the rows of a block.
struct block_buffers {
  explicit block_buffers(int64_t width)
    : hidden(torch::empty({block_rows, width})),
      inner(torch::empty({block_rows, width})),
      gates(torch::empty({block_rows, 2 * width})),
      skip(torch::empty({block_rows, width})),
      gradient(torch::empty({block_rows, width})) {
    // nop
  }

  static matrix_view view(const torch::Tensor& x) {
    return {x.data_ptr<float>(), side(x, 1)};
  }

  torch::Tensor hidden;
  torch::Tensor inner;
  torch::Tensor gates;
  torch::Tensor skip;
  torch::Tensor gradient;
};

/// All that one pass works on.
struct networks_pass {
  networks_pass(const torch::Tensor& values_in, const torch::Tensor& shares_in,
                const tensor_list& in, const left_out& which)
    : values(values_in.detach().contiguous()),
      shares(shares_in.detach().contiguous()), vectors(pad(in[0])),
      offsets(pad(in[1])), first_vectors(pad(in[2])), first_offsets(pad(in[3])),
      dropout(which), rows(side(values_in, 0)), variables(side(values_in, 1)),
      width(side(vectors, 1)), buffers(vectors.size(1)) {
    // nop
  }

  const float* at(const torch::Tensor& x, size_t row, size_t i) const {
    return x.data_ptr<float>() + row * side(x, 1) + i;
  }

  /// Takes `count` rows of variable `i` as far as the gate.
  void go(const network& net, size_t i, size_t first, size_t count) const {
    const auto* x = at(values, first, i);
    kernels.elu_of_values(x, variables,
                          {at(first_vectors, i, 0), at(first_offsets, i, 0)},
                          count, width, block_buffers::view(buffers.hidden));
    kernels.values(x, variables, {at(vectors, i, 0), at(offsets, i, 0)}, count,
                   width, block_buffers::view(buffers.skip));
    kernels.multiply(net.output, block_buffers::view(buffers.hidden), count,
                     block_buffers::view(buffers.inner));
    leave_out(buffers.inner, i, first, count);
    kernels.multiply(net.gate, block_buffers::view(buffers.inner), count,
                     block_buffers::view(buffers.gates));
  }

  void leave_out(const torch::Tensor& x, size_t i, size_t first,
                 size_t count) const {
    if (dropout.limit != 0)
      more_kernels.leave_out(x.data_ptr<float>(), count * width,
                             static_cast<uint32_t>((i * rows + first) * width),
                             dropout);
  }

  template <class Work>
  void for_each_block(Work work) const {
    for (size_t first = 0; first < rows; first += block_rows)
      work(first, std::min(block_rows, rows - first));
  }

  torch::Tensor values;
  torch::Tensor shares;
  torch::Tensor vectors;
  torch::Tensor offsets;
  torch::Tensor first_vectors;
  torch::Tensor first_offsets;
  left_out dropout;
  size_t rows;
  size_t variables;
  size_t width;
  block_buffers buffers;
  const dense_kernels& kernels = dense_kernels_of(current_vector_level());
  const training_kernels& more_kernels
    = training_kernels_of(current_vector_level());
};

torch::Tensor run(const networks_pass& pass, const tensor_list& in,
                  double epsilon) {
  auto sum = torch::zeros(
    {static_cast<int64_t>(pass.rows), static_cast<int64_t>(pass.width)});
  for (size_t i = 0; i < pass.variables; ++i) {
    network net{in, static_cast<int64_t>(i), epsilon, false};
    pass.for_each_block([&](size_t first, size_t count) {
      pass.go(net, i, first, count);
      pass.kernels.gate_norm(
        block_buffers::view(pass.buffers.gates),
        block_buffers::view(pass.buffers.skip), net.norm,
        pass.at(pass.shares, first, i), pass.variables, count,
        {sum.data_ptr<float>() + first * pass.width, pass.width});
    });
  }
  return sum.narrow(1, 0, in[0].size(1));
}

/// Gradients of all parameters, in the order of `network_tensors`, with room
/// for whole panels.
struct network_gradients {
  network_gradients(int64_t variables, int64_t width) {
    auto rows = [&](int64_t columns) {
      return torch::zeros({variables, columns});
    };
    all = {rows(width),
           rows(width),
           rows(width),
           rows(width),
           torch::zeros({variables, width, width}),
           rows(width),
           torch::zeros({variables, 2 * width, width}),
           rows(2 * width),
           rows(width),
           rows(width)};
  }

  float* of(size_t parameter, size_t i) const {
    return all[parameter].data_ptr<float>() + i * side(all[parameter], 1);
  }

  /// Without the room.
  tensor_list finish(int64_t width) const {
    auto result = all;
    for (auto& x : result)
      if (x.size(-1) != 2 * all[0].size(1))
        x = x.narrow(-1, 0, width);
    result[4] = result[4].narrow(1, 0, width);
    auto half = all[0].size(1);
    for (auto i : {6, 7}) {
      const auto& x = result[static_cast<size_t>(i)];
      result[static_cast<size_t>(i)]
        = torch::cat({x.narrow(1, 0, width), x.narrow(1, half, width)}, 1);
    }
    return result;
  }

  tensor_list all;
};

/// Takes the gradient of `count` rows back through one network.
void go_back(const networks_pass& pass, const network& net, size_t i,
             size_t first, size_t count, const torch::Tensor& gradient,
             const torch::Tensor& share_gradient, const network_gradients& to) {
  const auto& rows = pass.buffers;
  auto view = block_buffers::view;
  auto width = pass.width;
  const auto& more = pass.more_kernels;
  const auto* x = pass.at(pass.values, first, i);
  pass.go(net, i, first, count);
  more.gate_norm_gradient(
    view(rows.gates), view(rows.skip), net.norm, pass.at(pass.shares, first, i),
    pass.variables, {gradient.data_ptr<float>() + first * width, width}, count,
    share_gradient.data_ptr<float>() + first * pass.variables + i,
    {to.of(8, i), to.of(9, i)});
  more.sum_rows(view(rows.skip), count, width, x, pass.variables, to.of(1, i),
                to.of(0, i));
  more.sum_rows(view(rows.gates), count, 2 * width, nullptr, 0, to.of(7, i),
                nullptr);
  auto used = static_cast<int64_t>(count);
  auto part = [used](const torch::Tensor& t) { return t.narrow(0, 0, used); };
  auto index = static_cast<int64_t>(i);
  to.all[6][index].addmm_(part(rows.gates).t(), part(rows.inner));
  pass.kernels.multiply(net.gate_back, view(rows.gates), count,
                        view(rows.gradient));
  pass.leave_out(rows.gradient, i, first, count);
  more.sum_rows(view(rows.gradient), count, width, nullptr, 0, to.of(5, i),
                nullptr);
  to.all[4][index].addmm_(part(rows.gradient).t(), part(rows.hidden));
  pass.kernels.multiply(net.output_back, view(rows.gradient), count,
                        view(rows.inner));
  more.elu_gradient(rows.hidden.data_ptr<float>(), rows.inner.data_ptr<float>(),
                    count * width);
  more.sum_rows(view(rows.inner), count, width, x, pass.variables, to.of(3, i),
                to.of(2, i));
}

/// Reads and keeps its inputs as: values, shares, network_tensors in order.
struct networks_function final : torch::autograd::Function<networks_function> {
  static torch::Tensor
  forward(AutogradContext* context, const torch::Tensor& values,
          const torch::Tensor& shares, const torch::Tensor& vectors,
          const torch::Tensor& offsets, const torch::Tensor& first_vectors,
          const torch::Tensor& first_offsets,
          const torch::Tensor& output_weight, const torch::Tensor& output_bias,
          const torch::Tensor& gate_weight, const torch::Tensor& gate_bias,
          const torch::Tensor& norm_weight, const torch::Tensor& norm_bias,
          double epsilon, int64_t seed, int64_t limit, double factor) {
    tensor_list in{vectors,       offsets,     first_vectors, first_offsets,
                   output_weight, output_bias, gate_weight,   gate_bias,
                   norm_weight,   norm_bias};
    tensor_list kept{values, shares};
    kept.insert(kept.end(), in.begin(), in.end());
    context->save_for_backward(kept);
    context->saved_data["epsilon"] = epsilon;
    context->saved_data["seed"] = seed;
    context->saved_data["limit"] = limit;
    context->saved_data["factor"] = factor;
    return run({values, shares, in, read_dropout(context)}, in, epsilon);
  }

  static tensor_list backward(AutogradContext* context,
                              const tensor_list& gradients) {
    auto kept = context->get_saved_variables();
    tensor_list in{kept.begin() + 2, kept.end()};
    networks_pass pass{kept[0], kept[1], in, read_dropout(context)};
    auto epsilon = context->saved_data["epsilon"].toDouble();
    auto gradient = pad(gradients[0]);
    auto share_gradient = torch::empty_like(pass.shares);
    network_gradients to{kept[0].size(1), pass.vectors.size(1)};
    for (size_t i = 0; i < pass.variables; ++i) {
      network net{in, static_cast<int64_t>(i), epsilon, true};
      pass.for_each_block([&](size_t first, size_t count) {
        go_back(pass, net, i, first, count, gradient, share_gradient, to);
      });
    }
    tensor_list result{{}, share_gradient};
    auto parameters = to.finish(in[0].size(1));
    result.insert(result.end(), parameters.begin(), parameters.end());
    result.resize(16);
    return result;
  }

  static left_out read_dropout(AutogradContext* context) {
    auto& kept = context->saved_data;
    return {static_cast<uint32_t>(kept["seed"].toInt()),
            static_cast<uint32_t>(kept["limit"].toInt()),
            static_cast<float>(kept["factor"].toDouble())};
  }
};

} // namespace

torch::Tensor sum_of_networks(const torch::Tensor& values,
                              const torch::Tensor& shares,
                              const network_tensors& x, double epsilon,
                              const left_out& dropout) {
  return networks_function::apply(
    values, shares, x.vectors, x.offsets, x.first_vectors, x.first_offsets,
    x.output_weight, x.output_bias, x.gate_weight, x.gate_bias, x.norm_weight,
    x.norm_bias, epsilon, static_cast<int64_t>(dropout.seed),
    static_cast<int64_t>(dropout.limit), static_cast<double>(dropout.factor));
}

} // namespace qalpha
