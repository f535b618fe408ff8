// Tensors of tests/golden/models, by name.

#pragma once

#include "models/neural/torch.hpp"

#include "models/checkpoints/checkpoint.hpp"

#include <map>
#include <string>
#include <vector>

namespace qalpha {

/// Reads "<QALPHA_GOLDEN>/models/<folder>/tensors.json" and the values beside
/// it, as single precision tensors. Throws if anything does not fit.
std::map<std::string, torch::Tensor> golden_tensors(const std::string& folder);

/// @returns those whose names begin with `prefix`, which is taken off, as a
///          checkpoint has them. Counters are left out.
std::vector<tensor_values>
golden_values(const std::map<std::string, torch::Tensor>& golden,
              const std::string& prefix);

/// @returns the largest absolute difference; infinite if the shapes differ.
double largest_difference(const torch::Tensor& x, const torch::Tensor& y);

} // namespace qalpha
