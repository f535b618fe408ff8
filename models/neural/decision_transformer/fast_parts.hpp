// What the fast form of a decision transformer is put together from.

#pragma once

#include "models/neural/torch.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace qalpha {

/// Weights of `y = x W + b`, or of a layer norm.
struct affine {
  torch::Tensor weight;
  torch::Tensor bias;
};

/// @returns copies of "NAME.weight" and "NAME.bias", on the processor.
affine affine_of(const torch::OrderedDict<std::string, torch::Tensor>& named,
                 const std::string& name);

/// Weights of one block, [in, out].
struct block_weights {
  affine before_attention;
  affine in;
  affine out;
  affine before_layers;
  affine wide;
  affine narrow;
};

/// @param name of the block in the module
block_weights
block_of(const torch::OrderedDict<std::string, torch::Tensor>& named,
         const std::string& name);

/// Adds up `term(i)` for all i below `width`, several at a time.
template <class Term>
float sum_of(int64_t width, Term term) {
  constexpr int64_t lanes = 16;
  std::array<float, lanes> sums{};
  int64_t i = 0;
  for (; i + lanes <= width; i += lanes)
    for (int64_t lane = 0; lane < lanes; ++lane)
      sums[static_cast<size_t>(lane)] += term(i + lane);
  float result = 0;
  for (; i < width; ++i)
    result += term(i);
  for (auto sum : sums)
    result += sum;
  return result;
}

/// Adds a bias that was put off to rows, and writes them normalised.
/// @param rows contiguous, as `to` is, which may be the same
void normalise(const torch::Tensor& rows, const torch::Tensor& late_bias,
               const affine& norm, const torch::Tensor& to);

/// GELU by its tanh formula, or ReLU, in place.
void activate(const torch::Tensor& x, bool gelu);

} // namespace qalpha
