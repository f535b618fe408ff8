// Rows that a kernel computes together.

#pragma once

#include <cstddef>
#include <cstring>

// Loops over rows are small functions that have to become one with whoever
// calls them: only then they use the instructions of the caller's level.
#define QALPHA_INLINE [[gnu::always_inline]] inline

namespace qalpha {

/// Most rows that a kernel computes together: few enough for its columns to
/// stay in the cache next to the processor.
inline constexpr size_t block_rows = 128;

/// Many rows at once, after the warm-up.
struct many_rows {
  static constexpr bool warming = false;
  /// Most rows that come together.
  static constexpr size_t most = block_rows;

  /// Place of the first row on the tape.
  size_t at;
  /// Rows before the first one.
  size_t seen;
  size_t count;
};

/// One row after the warm-up. The same code as for many, which the compiler
/// turns into a straight line.
struct one_row {
  static constexpr bool warming = false;
  static constexpr size_t most = 1;
  static constexpr size_t count = 1;

  size_t at;
  size_t seen;
};

/// One row of the warm-up.
struct early_row {
  static constexpr bool warming = true;
  static constexpr size_t most = 1;
  static constexpr size_t count = 1;

  size_t at;
  size_t seen;
};

/// Calls `f(i)` for each row. The calls must not depend on each other.
template <class Rows, class F>
QALPHA_INLINE void for_rows(const Rows& now, F f) {
#if defined(__clang__)
#pragma clang loop vectorize(assume_safety)
#elif defined(__GNUC__)
#pragma GCC ivdep
#endif
  for (size_t i = 0; i < now.count; ++i)
    f(i);
}

/// Calls `f(first, count)` for all of `rows`, at most `block_rows` together.
template <class F>
void for_blocks(size_t rows, F f) {
  for (size_t first = 0; first < rows; first += block_rows)
    f(first, rows - first < block_rows ? rows - first : block_rows);
}

/// Some rows as one value, for loops that keep something from row to row.
using four_rows = double __attribute__((vector_size(32)));
using eight_rows = double __attribute__((vector_size(64)));

template <class T>
QALPHA_INLINE void load_rows(T& to, const double* from) {
  std::memcpy(&to, from, sizeof(to));
}

template <class T>
QALPHA_INLINE void store_rows(double* to, const T& from) {
  std::memcpy(to, &from, sizeof(from));
}

} // namespace qalpha
