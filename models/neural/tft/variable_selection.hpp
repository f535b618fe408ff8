// Which variables matter at a step. Includes LibTorch.

#pragma once

#include "models/neural/tft/gated_residual.hpp"
#include "models/neural/tft/variables.hpp"

namespace qalpha {

/// One gated residual network a variable, all of the same width and computed at
/// once: parameters of all networks lie behind each other.
class variable_networks final : public torch::nn::Module {
public:
  variable_networks(int64_t variables, int64_t hidden,
                    const block_context& context);

  /// @param weights `[rows, variables]`
  /// @returns the sum of all networks' outputs with these weights,
  ///          `[rows, hidden]`.
  torch::Tensor forward(const variable_runs& variables,
                        const torch::Tensor& weights);

  /// The same by operations of LibTorch, on any device.
  torch::Tensor compose(const variable_runs& variables,
                        const torch::Tensor& weights);

private:
  /// Networks `[first, first + run.size())` and what their first layer makes of
  /// what stands for the run's variables.
  struct part {
    variable_run embedded;
    variable_run first_layer;
    int64_t first;

    torch::Tensor of(const torch::Tensor& parameter) const {
      return parameter.narrow(0, first, embedded.size());
    }
  };

  std::vector<part> split(const variable_runs& variables) const;
  torch::Tensor compose(const part& run, const torch::Tensor& weights);
  torch::Tensor fuse(const part& run, const torch::Tensor& weights);

  block_context context_;
  torch::Tensor input_weight_;
  torch::Tensor input_bias_;
  torch::Tensor output_weight_;
  torch::Tensor output_bias_;
  torch::Tensor gate_weight_;
  torch::Tensor gate_bias_;
  torch::Tensor norm_weight_;
  torch::Tensor norm_bias_;
};

/// What a selection network gives.
struct selected_variables {
  /// `[rows, hidden]`.
  torch::Tensor sum;
  /// Share of each variable, `[rows, variables]`, sum 1.
  torch::Tensor weights;
};

/// Weighs variables against each other and adds them up.
class variable_selection final : public torch::nn::Module {
public:
  /// @param from_context width of the context, 0 without one
  variable_selection(int64_t variables, int64_t hidden, int64_t from_context,
                     const block_context& context);

  /// @param c `[rows, context]`, undefined without one
  selected_variables forward(const variable_runs& variables,
                             const torch::Tensor& c = {});

private:
  std::shared_ptr<gated_residual> joint_;
  std::shared_ptr<variable_networks> variables_;
};

} // namespace qalpha
