// The one way in which LibTorch is included, always the first include of a
// file: its precompiled header sees to that where there is one.

#pragma once

// LibTorch before 2.1 destroys vectors of a type that it has only declared.
// Where vectors are `constexpr`, as with libstdc++ in C++20, Clang looks into
// them at once and refuses; so they are not `constexpr` in these files. The
// standard library declares one function for `vector<bool>` beforehand, which
// has to be kept from it.
#if defined(__clang__) && __has_include(<bits/stl_algobase.h>)
#define _Bit_iterator _Bit_iterator_unused
#include <bits/stl_algobase.h>
#undef _Bit_iterator
#include <memory>
#include <string>
#pragma push_macro("_GLIBCXX20_CONSTEXPR")
#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR
#include <vector>
#pragma pop_macro("_GLIBCXX20_CONSTEXPR")
#endif

#include <torch/torch.h>
