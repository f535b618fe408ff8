// Functions compiled for newer processors too, and the choice among them.

#pragma once

#include "models/features/block/vector_level.hpp"

namespace qalpha {

/// How functions are compiled that any processor can run.
struct for_any {
  template <auto Function>
  static constexpr auto compiled = Function;
};

#if defined(__x86_64__)
/// `Function`, and all that is always inlined into it, with the instructions of
/// a processor that must be known to have them.
template <auto Function>
struct compiled_function;

template <class... Inputs, void (*Function)(Inputs...) noexcept>
struct compiled_function<Function> {
  [[gnu::flatten, gnu::target("avx2,fma")]] static void avx2(Inputs... in) {
    Function(in...);
  }

  [[gnu::flatten,
    gnu::target("avx2,fma,avx512f,avx512dq,avx512vl")]] static void
  avx512(Inputs... in) {
    Function(in...);
  }
};

struct for_avx2 {
  template <auto Function>
  static constexpr auto compiled = compiled_function<Function>::avx2;
};

struct for_avx512 {
  template <auto Function>
  static constexpr auto compiled = compiled_function<Function>::avx512;
};
#else
using for_avx2 = for_any;
using for_avx512 = for_any;
#endif

/// @param plain a table of functions for any processor
/// @param avx2 the same functions, as `for_avx2` compiles them
/// @param avx512 as `for_avx512` does
/// @returns the table of a level.
/// @pre `level` is supported
template <class Table>
const Table& table_of(vector_level level, const Table& plain, const Table& avx2,
                      const Table& avx512) noexcept {
#if defined(__x86_64__)
  if (level == vector_level::avx512)
    return avx512;
  // Products and sums that fuse are an extension of their own.
  if (level == vector_level::avx2 && __builtin_cpu_supports("fma"))
    return avx2;
#else
  static_cast<void>(level);
  static_cast<void>(avx2);
  static_cast<void>(avx512);
#endif
  return plain;
}

} // namespace qalpha
