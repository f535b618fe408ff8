// Sums and extremes of the last rows.

#pragma once

#include "models/features/block/tape.hpp"

#include <vector>

namespace qalpha {

/// Folds of two values into one.
struct added {
  QALPHA_INLINE static double of(double a, double b) {
    return a + b;
  }

  static constexpr bool may_overlap = false;
};

struct larger {
  QALPHA_INLINE static double of(double a, double b) {
    return a < b ? b : a;
  }

  static constexpr bool may_overlap = true;
};

struct smaller {
  QALPHA_INLINE static double of(double a, double b) {
    return b < a ? b : a;
  }

  static constexpr bool may_overlap = true;
};

/// Folds the last `length` rows of a column. Windows of 4, 16, 64 ... rows are
/// folded from four of the size below, and the rest is put together from them:
/// some log(length) operations a row. Nothing is carried on from row to row,
/// so that no error stays, and a value depends on the rows of its window only.
template <class Fold>
class window {
public:
  /// @pre the column that it will read reaches back `length` rows
  window(tape& memory, size_t length) {
    std::vector<level> levels{{nullptr, 1}};
    while (length / (4 * levels.back().size) >= 2) {
      auto& below = levels.back();
      auto to = memory.add(length);
      auto size = below.size;
      passes_.push_back({to,
                         below.rows,
                         below.rows,
                         below.rows,
                         below.rows,
                         4,
                         false,
                         {0, size, 2 * size, 3 * size}});
      levels.push_back({to, 4 * size});
    }
    put_together(levels, length);
  }

  /// @param x the row at hand of the column
  /// @param out one value for each row
  template <class Rows>
  QALPHA_INLINE void run(const Rows& now, const double* x, double* out) const {
    for (const auto& one : passes_) {
      auto to = one.to == nullptr ? out : one.to + now.at;
      auto from = [&](const double* rows, size_t i) {
        return (rows == nullptr ? x : rows + now.at) - one.back[i];
      };
      auto a = from(one.from0, 0);
      auto b = from(one.from1, 1);
      auto c = from(one.from2, 2);
      auto d = from(one.from3, 3);
      if (one.goes_on)
        run_pass<true>(now, one.terms, to, a, b, c, d);
      else
        run_pass<false>(now, one.terms, to, a, b, c, d);
    }
  }

private:
  // Windows of one size; the column itself if `rows` is null.
  struct level {
    const double* rows;
    size_t size;
  };

  // Folds up to four columns into one.
  struct pass {
    // The result if null.
    double* to;
    const double* from0;
    const double* from1;
    const double* from2;
    const double* from3;
    size_t terms;
    // Whether what is there already belongs to it.
    bool goes_on;
    size_t back[4];
  };

  void put_together(const std::vector<level>& levels, size_t length) {
    std::vector<std::pair<const double*, size_t>> terms;
    size_t done = 0;
    for (auto at = levels.rbegin(); at != levels.rend(); ++at) {
      for (; done + at->size <= length; done += at->size)
        terms.emplace_back(at->rows, done);
      if (Fold::may_overlap && done < length) {
        terms.emplace_back(at->rows, length - at->size);
        done = length;
      }
    }
    for (size_t first = 0; first < terms.size(); first += 4) {
      auto count = std::min<size_t>(4, terms.size() - first);
      auto term = [&](size_t i) {
        return terms[first + std::min(i, count - 1)];
      };
      passes_.push_back(
        {nullptr,
         term(0).first,
         term(1).first,
         term(2).first,
         term(3).first,
         count,
         first > 0,
         {term(0).second, term(1).second, term(2).second, term(3).second}});
    }
  }

  template <bool GoesOn, class Rows>
  QALPHA_INLINE static void run_pass(const Rows& now, size_t terms, double* to,
                                     const double* a, const double* b,
                                     const double* c, const double* d) {
    auto put = [&](size_t i, double value) __attribute__((always_inline)) {
      to[i] = GoesOn ? Fold::of(to[i], value) : value;
    };
    switch (terms) {
      case 1:
        return for_rows(now, [&](size_t i) { put(i, a[i]); });
      case 2:
        return for_rows(now, [&](size_t i) { put(i, Fold::of(a[i], b[i])); });
      case 3:
        return for_rows(
          now, [&](size_t i) { put(i, Fold::of(Fold::of(a[i], b[i]), c[i])); });
      default:
        return for_rows(now, [&](size_t i) {
          put(i, Fold::of(Fold::of(a[i], b[i]), Fold::of(c[i], d[i])));
        });
    }
  }

  std::vector<pass> passes_;
};

using window_sum = window<added>;
using window_max = window<larger>;
using window_min = window<smaller>;

} // namespace qalpha
