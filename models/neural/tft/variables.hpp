// Variables before they are vectors, and those vectors. Includes LibTorch.

#pragma once

#include "models/neural/torch.hpp"

#include <vector>

namespace qalpha {

/// Consecutive variables of one kind: one category, or any number of values.
struct variable_run {
  /// `[rows]` of 64-bit integers; undefined for values.
  torch::Tensor codes;
  /// `[classes, hidden]`, a vector for each class.
  torch::Tensor table;
  /// `[rows, n]`; undefined for a category.
  torch::Tensor values;
  /// `[n, hidden]`: value j stands for `values[j] * vectors[j] + offsets[j]`.
  torch::Tensor vectors;
  torch::Tensor offsets;

  /// Number of variables.
  int64_t size() const {
    return codes.defined() ? 1 : values.size(1);
  }
};

/// Variables in their order, at as many rows each.
using variable_runs = std::vector<variable_run>;

/// Appends; values after values make one run.
void append(variable_runs& to, const variable_runs& more);

/// @returns the vectors, `[variables, rows, hidden]`.
torch::Tensor embed(const variable_runs& variables);

/// The vectors that stand for one group of variables: a table for each category
/// and a direction and an offset for each value.
class variable_group final : public torch::nn::Module {
public:
  variable_group(const std::vector<int64_t>& categories, int64_t values,
                 int64_t hidden);

  /// @param codes `[..., categories]`, undefined without categories
  /// @param values `[..., values]`, undefined without values
  variable_runs bind(const torch::Tensor& codes,
                     const torch::Tensor& values) const;

private:
  std::vector<torch::Tensor> tables_;
  torch::Tensor vectors_;
  torch::Tensor offsets_;
};

} // namespace qalpha
