// Tensors of tests/golden/models, by name.

#pragma once

#include "models/neural/torch.hpp"

#include <map>
#include <string>

namespace qalpha {

/// Reads "<QALPHA_GOLDEN>/models/<folder>/tensors.json" and the values beside
/// it, as single precision tensors. Throws if anything does not fit.
std::map<std::string, torch::Tensor> golden_tensors(const std::string& folder);

/// @returns the largest absolute difference; infinite if the shapes differ.
double largest_difference(const torch::Tensor& x, const torch::Tensor& y);

} // namespace qalpha
