// Means and deviations of the last rows, accurate also where the price is high
// and its spread small.

#pragma once

#include "models/features/block/tape.hpp"

#include <vector>

namespace qalpha {

/// Mean and sum of squared deviations of the last `length` rows. Two windows
/// are put together by what they know about their own newest row,
///
///     sum     = a.sum + b.sum + b.size * t            t: b's newest - a's
///     newest squares = a.squares + b.squares + (difference of the means)^2 *
///     ...
///
/// so that only small numbers are ever added and nothing cancels. Windows
/// double in size; nothing is carried on from row to row.
class window_moments {
public:
  /// @pre the column that it will read reaches back `length` rows
  window_moments(tape& memory, size_t length) : length_(length) {
    for (size_t size = 2; 2 * size <= length; size *= 2)
      levels_.push_back({memory.add(length), memory.add(length), size});
  }

  /// @param x the row at hand of the column
  /// @param sum of all rows, each less the newest one
  /// @param squares sum of the squared deviations from the mean
  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* x, double* sum, double* squares) const {
    if (length_ == 1) {
      std::fill_n(sum, now.count, 0.0);
      std::fill_n(squares, now.count, 0.0);
      return;
    }
    const level* below = nullptr;
    for (const auto& one : levels_) {
      put_twice(now, x, below, one.sum + now.at, one.squares + now.at);
      below = &one;
    }
    put_twice(now, x, below, sum, squares);
    auto done = below == nullptr ? size_t{2} : 2 * below->size;
    for (auto at = levels_.rbegin(); at != levels_.rend(); ++at)
      if (done + at->size <= length_) {
        add_older(now, x, *at, done, sum, squares);
        done += at->size;
      }
    if (done < length_)
      add_oldest(now, x, done, sum, squares);
  }

private:
  struct level {
    double* sum;
    double* squares;
    size_t size;
  };

  // Two windows of the size below; a null pointer stands for single rows.
  template <class Rows>
  QALPHA_INLINE static void put_twice(const Rows& now, const double* x,
                                      const level* below, double* sum,
                                      double* squares) {
    if (below == nullptr) {
      for_rows(now, [=](size_t i) {
        auto t = (x - 1)[i] - x[i];
        sum[i] = t;
        squares[i] = 0.5 * (t * t);
      });
      return;
    }
    auto size = static_cast<double>(below->size);
    auto back = below->size;
    auto share = 0.5 / size;
    auto s = below->sum + now.at;
    auto q = below->squares + now.at;
    for_rows(now, [=](size_t i) {
      auto older = (s - back)[i] + size * ((x - back)[i] - x[i]);
      auto apart = s[i] - older;
      sum[i] = s[i] + older;
      squares[i] = (q[i] + (q - back)[i]) + share * (apart * apart);
    });
  }

  // Puts an older window behind `done` rows.
  template <class Rows>
  QALPHA_INLINE static void add_older(const Rows& now, const double* x,
                                      const level& one, size_t done,
                                      double* sum, double* squares) {
    auto size = static_cast<double>(one.size);
    auto have = static_cast<double>(done);
    auto share = 1 / (size * have * (size + have));
    auto s = one.sum + now.at - done;
    auto q = one.squares + now.at - done;
    for_rows(now, [=](size_t i) {
      auto older = s[i] + size * ((x - done)[i] - x[i]);
      auto apart = sum[i] * size - older * have;
      sum[i] += older;
      squares[i] = (squares[i] + q[i]) + share * (apart * apart);
    });
  }

  // Puts a single row behind `done` rows.
  template <class Rows>
  QALPHA_INLINE static void add_oldest(const Rows& now, const double* x,
                                       size_t done, double* sum,
                                       double* squares) {
    auto have = static_cast<double>(done);
    auto share = 1 / (have * (1 + have));
    for_rows(now, [=](size_t i) {
      auto older = (x - done)[i] - x[i];
      auto apart = sum[i] - older * have;
      sum[i] += older;
      squares[i] += share * (apart * apart);
    });
  }

  size_t length_;
  std::vector<level> levels_;
};

/// The same with a weight for each row: sums of weights, of weighted distances
/// from the newest row and of their weighted squares.
class weighted_moments {
public:
  /// @pre both columns that it will read reach back `length` rows
  weighted_moments(tape& memory, size_t length) : length_(length) {
    for (size_t size = 2; 2 * size <= length; size *= 2)
      levels_.push_back(
        {memory.add(length), memory.add(length), memory.add(length), size});
  }

  template <class Rows>
  QALPHA_INLINE void run(const Rows& now, const double* x, const double* w,
                         double* weights, double* sum, double* squares) const {
    std::copy_n(w, now.count, weights);
    std::fill_n(sum, now.count, 0.0);
    std::fill_n(squares, now.count, 0.0);
    size_t done = 1;
    // Ever larger windows: each begins with a copy of the one before it.
    for (const auto& one : levels_) {
      add_half(now, x, w, one, weights, sum, squares);
      keep(now, one, weights, sum, squares);
      done = one.size;
    }
    if (2 * done <= length_) {
      if (levels_.empty())
        add_row(now, x, w, 1, weights, sum, squares);
      else
        add_older(now, x, levels_.back(), done, weights, sum, squares);
      done *= 2;
    }
    for (auto at = levels_.rbegin(); at != levels_.rend(); ++at)
      if (done + at->size <= length_) {
        add_older(now, x, *at, done, weights, sum, squares);
        done += at->size;
      }
    if (done < length_)
      add_row(now, x, w, done, weights, sum, squares);
  }

private:
  struct level {
    double* weights;
    double* sum;
    double* squares;
    size_t size;
  };

  template <class Rows>
  QALPHA_INLINE void add_half(const Rows& now, const double* x, const double* w,
                              const level& one, double* weights, double* sum,
                              double* squares) const {
    if (one.size == 2)
      add_row(now, x, w, 1, weights, sum, squares);
    else
      add_older(now, x, *(&one - 1), one.size / 2, weights, sum, squares);
  }

  template <class Rows>
  QALPHA_INLINE static void keep(const Rows& now, const level& one,
                                 const double* weights, const double* sum,
                                 const double* squares) {
    auto kept_weights = one.weights + now.at;
    auto kept_sum = one.sum + now.at;
    auto kept_squares = one.squares + now.at;
    for_rows(now, [=](size_t i) {
      kept_weights[i] = weights[i];
      kept_sum[i] = sum[i];
      kept_squares[i] = squares[i];
    });
  }

  template <class Rows>
  QALPHA_INLINE static void
  add_older(const Rows& now, const double* x, const level& one, size_t done,
            double* weights, double* sum, double* squares) {
    auto w = one.weights + now.at - done;
    auto s = one.sum + now.at - done;
    auto q = one.squares + now.at - done;
    for_rows(now, [=](size_t i) {
      auto t = (x - done)[i] - x[i];
      auto moved = w[i] * t;
      weights[i] += w[i];
      sum[i] += s[i] + moved;
      squares[i] += q[i] + t * (2 * s[i] + moved);
    });
  }

  template <class Rows>
  QALPHA_INLINE static void
  add_row(const Rows& now, const double* x, const double* w, size_t done,
          double* weights, double* sum, double* squares) {
    for_rows(now, [=](size_t i) {
      auto t = (x - done)[i] - x[i];
      auto moved = (w - done)[i] * t;
      weights[i] += (w - done)[i];
      sum[i] += moved;
      squares[i] += t * moved;
    });
  }

  size_t length_;
  std::vector<level> levels_;
};

} // namespace qalpha
