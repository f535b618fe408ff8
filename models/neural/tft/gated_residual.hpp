// The building blocks of the temporal fusion transformer. Includes LibTorch.

#pragma once

#include "models/neural/torch.hpp"

#include "models/neural/kernels/training_kernels.hpp"

#include <memory>

namespace qalpha {

/// Leaves out values in training, drawn from a generator of its own, so that a
/// seed repeats a training.
class dropout_source {
public:
  dropout_source(double share, at::Generator generator);

  /// For another device, or to go on from another state.
  void draw_from(at::Generator generator);

  /// @returns `x` with a share of its values at zero and the others raised.
  torch::Tensor drop(const torch::Tensor& x);

  /// The same for loops that leave out by themselves.
  /// @pre the generator is one of the processor
  left_out draw();

private:
  double share_;
  at::Generator generator_;
};

/// What all blocks of one model share.
struct block_context {
  double norm_epsilon;
  std::shared_ptr<dropout_source> dropout;
};

/// `LayerNorm(GLU(dropout(x)) + skip)`.
class gate_add_norm final : public torch::nn::Module {
public:
  gate_add_norm(int64_t width, const block_context& context);

  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& skip);

private:
  block_context context_;
  torch::nn::Linear gate_;
  torch::nn::LayerNorm norm_;
};

/// Sizes of a gated residual network.
struct residual_sizes {
  int64_t input;
  int64_t hidden;
  /// 0: as `input`, with which the input itself is what the rest is added to.
  int64_t output = 0;
  /// 0: no context.
  int64_t context = 0;
};

/// `LayerNorm(skip(a) + GLU(dropout(W1 ELU(W2 a + W3 c + b2) + b1)))`; with one
/// output only there is no normalisation, which would leave its bias alone.
class gated_residual final : public torch::nn::Module {
public:
  gated_residual(const residual_sizes& sizes, const block_context& context);

  /// @param c the context, undefined without one; as `a` but for its last side,
  ///          or with sides of 1 where it is the same.
  torch::Tensor forward(const torch::Tensor& a, const torch::Tensor& c = {});

  /// The same from what the input layer and the skip make of `a`.
  torch::Tensor finish(const torch::Tensor& first, const torch::Tensor& skip,
                       const torch::Tensor& c);

  /// Of the input layer: `[hidden, input]`, `[hidden]`.
  const torch::nn::Linear& input() const noexcept {
    return input_;
  }

  /// Empty if the input itself is added.
  const torch::nn::Linear& skip() const noexcept {
    return skip_;
  }

private:
  block_context context_;
  torch::nn::Linear input_;
  torch::nn::Linear from_context_{nullptr};
  torch::nn::Linear output_;
  torch::nn::Linear gate_;
  torch::nn::Linear skip_{nullptr};
  torch::nn::LayerNorm norm_{nullptr};
};

} // namespace qalpha
