// How fast this machine multiplies matrices.

#pragma once

#include <cstdint>

namespace qalpha {

/// Multiplies single precision matrices for about a millisecond, for the caller
/// to time. The first time takes longer.
/// @returns the number of operations.
int64_t multiply_matrices();

} // namespace qalpha
