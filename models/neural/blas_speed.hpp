// How fast this machine multiplies matrices.

#pragma once

#include <cstdint>

namespace qalpha {

/// Less than that comes of the reference BLAS, which a distribution may have
/// chosen: 4 to 6 on processors where OpenBLAS has 80 to 100. Every forecast
/// would take ten times as long. In 1e9 operations a second.
inline constexpr double least_blas_gflops = 15;

/// Multiplies single precision matrices for about a millisecond, for the caller
/// to time. The first time takes longer.
/// @returns the number of operations.
int64_t multiply_matrices();

} // namespace qalpha
