// How fast this machine multiplies matrices.

#pragma once

namespace qalpha {

/// Less than that comes of the reference BLAS, which a distribution may have
/// chosen: 4 to 6 on processors where OpenBLAS has 80 to 100. Every forecast
/// would take ten times as long.
inline constexpr double least_blas_gflops = 15;

/// Multiplies single precision matrices for a few milliseconds on one thread.
/// @returns the best of several rounds, 1e9 operations a second.
double measure_blas_gflops();

} // namespace qalpha
