// Functions compiled for newer processors too.

#pragma once

namespace qalpha {

#if defined(__x86_64__)
/// `Function`, and all that is always inlined into it, with the instructions of
/// a processor that must be known to have them.
template <auto Function>
struct compiled;

template <class... Inputs, void (*Function)(Inputs...) noexcept>
struct compiled<Function> {
  [[gnu::flatten, gnu::target("avx2,fma")]] static void avx2(Inputs... in) {
    Function(in...);
  }

  [[gnu::flatten,
    gnu::target("avx2,fma,avx512f,avx512dq,avx512vl")]] static void
  avx512(Inputs... in) {
    Function(in...);
  }
};
#endif

} // namespace qalpha
