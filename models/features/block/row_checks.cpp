#include "models/features/block/row_checks.hpp"

#include "models/features/block/rows.hpp"
#include "models/features/block/vector_level.hpp"

#include <limits>

namespace qalpha {

namespace {

// Counting what is wrong is a sum, which takes many rows at a time; leaving at
// the first would not. A comparison with NaN is false, hence the negations.

struct within {
  const double* x;
  double lowest;
  double highest;

  QALPHA_INLINE bool is_wrong(size_t i) const {
    return !(x[i] >= lowest) | !(x[i] <= highest);
  }
};

struct ordered {
  const double* low;
  const double* high;

  QALPHA_INLINE bool is_wrong(size_t i) const {
    return !(low[i] <= high[i]);
  }
};

struct bars {
  const double* low;
  const double* inner;
  const double* high;

  QALPHA_INLINE bool is_wrong(size_t i) const {
    auto most = std::numeric_limits<double>::max();
    return !(low[i] > 0) | !(high[i] <= most) | !(low[i] <= inner[i])
           | !(inner[i] <= high[i]);
  }
};

struct stepping {
  const double* x;
  double step;

  QALPHA_INLINE bool is_wrong(size_t i) const {
    return !((x + 1)[i] - x[i] == step);
  }
};

template <class Check>
QALPHA_INLINE bool count(const Check& check, size_t rows) {
  size_t wrong = 0;
  for (size_t i = 0; i < rows; ++i)
    wrong += check.is_wrong(i);
  return wrong == 0;
}

template <class Check>
[[gnu::flatten]] bool count_plain(const Check& check, size_t rows) {
  return count(check, rows);
}

#if defined(__x86_64__)
template <class Check>
[[gnu::flatten, gnu::target("avx2")]] bool
count_avx2(const Check& check, size_t rows) {
  return count(check, rows);
}
#endif

template <class Check>
bool all_right(const Check& check, size_t rows) {
#if defined(__x86_64__)
  // Wider instructions would gain nothing: it waits for the memory.
  static const auto run = supported_vector_levels().back()
                              == vector_level::plain
                            ? count_plain<Check>
                            : count_avx2<Check>;
  if (rows >= 8)
    return run(check, rows);
#endif
  return count_plain(check, rows);
}

} // namespace

bool all_within(const double* x, size_t rows, double lowest,
                double highest) noexcept {
  return all_right(within{x, lowest, highest}, rows);
}

bool all_ordered(const double* low, const double* high, size_t rows) noexcept {
  return all_right(ordered{low, high}, rows);
}

bool all_bars(const double* low, const double* inner, const double* high,
              size_t rows) noexcept {
  return all_right(bars{low, inner, high}, rows);
}

bool all_stepping(const double* x, size_t rows, double step) noexcept {
  return rows == 0 || all_right(stepping{x, step}, rows - 1);
}

} // namespace qalpha
