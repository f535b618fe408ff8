// What the processor at hand can do beyond what the build asks for.

#pragma once

namespace qalpha {

/// Loops over numbers come twice, for any processor and for one with vectors of
/// four doubles. Both give the same bits: a lane does what the plain loop does.
enum class vector_width {
  plain,
  avx2,
};

/// @returns the widest that runs here.
inline vector_width best_vector_width() noexcept {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    return vector_width::avx2;
#endif
  return vector_width::plain;
}

} // namespace qalpha
