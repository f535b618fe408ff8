// Dropout that draws less.

#pragma once

#include "models/neural/torch.hpp"

namespace qalpha {

/// As `torch::dropout`: each value is zero with a probability, or else scaled
/// up by what that takes away. On the processor one draw of LibTorch's
/// generator does for four values, since drawing is what takes the time; the
/// probability is then a multiple of 2^-16.
torch::Tensor drop_out(const torch::Tensor& x, double probability,
                       bool training);

} // namespace qalpha
