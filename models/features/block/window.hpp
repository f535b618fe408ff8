// Sums and extremes of the last rows.

#pragma once

#include "models/features/block/tape.hpp"

#include <array>
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
  /// @param x the column that it will read, which reaches back `length` rows
  window(tape& memory, const double* x, size_t length) : levels_{{x, 1}} {
    while (length / (4 * levels_.back().size) >= 2) {
      auto [rows, size] = levels_.back();
      auto to = memory.add(length);
      passes_.push_back(
        {to, {rows, rows - size, rows - 2 * size, rows - 3 * size}});
      levels_.push_back({to, 4 * size});
    }
    put_together(length);
  }

  /// Shares what a longer window of the same column has folded, which has to
  /// run first.
  window(const window& longer, size_t length) {
    for (const auto& one : longer.levels_)
      if (one.size <= length)
        levels_.push_back(one);
    put_together(length);
  }

  /// Folds only what others share.
  template <class Rows>
  QALPHA_INLINE void fold_parts(const Rows& now) const {
    for (const auto& one : passes_)
      fold_four<false>(now, one.from, one.to + now.at);
  }

  /// @param out one value for each row
  template <class Rows>
  QALPHA_INLINE void run(const Rows& now, double* out) const {
    fold_parts(now);
    fold_rest<false>(now, first_, first_terms_, out);
    for (const auto& from : more_)
      fold_four<true>(now, from, out);
    if (last_terms_ > 0)
      fold_rest<true>(now, last_, last_terms_, out);
  }

private:
  // Windows of one size, or single rows.
  struct level {
    const double* rows;
    size_t size;
  };

  // Columns, moved to where they are read.
  using sources = std::array<const double*, 4>;

  struct pass {
    double* to;
    sources from;
  };

  void put_together(size_t length) {
    std::vector<const double*> terms;
    size_t done = 0;
    for (auto at = levels_.rbegin(); at != levels_.rend(); ++at) {
      for (; done + at->size <= length; done += at->size)
        terms.push_back(at->rows - done);
      if (Fold::may_overlap && done < length) {
        terms.push_back(at->rows - (length - at->size));
        done = length;
      }
    }
    auto take = [&](size_t from, sources& to) {
      auto count = std::min<size_t>(4, terms.size() - from);
      std::copy_n(&terms[from], count, to.begin());
      return count;
    };
    first_terms_ = take(0, first_);
    for (size_t from = 4; from < terms.size(); from += 4) {
      sources next{};
      if (take(from, next) == 4)
        more_.push_back(next);
      else
        last_terms_ = take(from, last_);
    }
  }

  template <bool GoesOn>
  QALPHA_INLINE static void put(double& to, double value) {
    to = GoesOn ? Fold::of(to, value) : value;
  }

  template <bool GoesOn, class Rows>
  QALPHA_INLINE static void
  fold_four(const Rows& now, const sources& from, double* to) {
    auto a = from[0] + now.at;
    auto b = from[1] + now.at;
    auto c = from[2] + now.at;
    auto d = from[3] + now.at;
    for_rows(now, [=](size_t i) {
      put<GoesOn>(to[i], Fold::of(Fold::of(a[i], b[i]), Fold::of(c[i], d[i])));
    });
  }

  template <bool GoesOn, class Rows>
  QALPHA_INLINE static void
  fold_rest(const Rows& now, const sources& from, size_t terms, double* to) {
    auto a = from[0] + now.at;
    if (terms == 4)
      return fold_four<GoesOn>(now, from, to);
    if (terms == 1)
      return for_rows(now, [=](size_t i) { put<GoesOn>(to[i], a[i]); });
    auto b = from[1] + now.at;
    if (terms == 2)
      return for_rows(
        now, [=](size_t i) { put<GoesOn>(to[i], Fold::of(a[i], b[i])); });
    auto c = from[2] + now.at;
    for_rows(now, [=](size_t i) {
      put<GoesOn>(to[i], Fold::of(Fold::of(a[i], b[i]), c[i]));
    });
  }

  std::vector<level> levels_;
  std::vector<pass> passes_;
  sources first_{};
  size_t first_terms_ = 0;
  std::vector<sources> more_;
  sources last_{};
  size_t last_terms_ = 0;
};

using window_sum = window<added>;
using window_max = window<larger>;
using window_min = window<smaller>;

} // namespace qalpha
