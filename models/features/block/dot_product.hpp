// Sums of products in an order that does not depend on the processor.

#pragma once

#include "models/features/block/vector_level.hpp"

#include <cstddef>

namespace qalpha {

/// @returns the sum of `a[i] * b[i]`. Products whose index is equal modulo 16
///          are added one after the other, then the 16 sums pairwise: the bits
///          are the same on every processor.
double dot_product(const double* a, const double* b, size_t size) noexcept;

/// As above by the instructions given, of which the processor has to be able.
double dot_product(const double* a, const double* b, size_t size,
                   vector_level level) noexcept;

} // namespace qalpha
