#define CAF_SUITE windows

// Sums, extremes and moments of the last rows against their definition.

#include "models/features/block/block_feature.hpp"
#include "models/features/block/decay.hpp"
#include "models/features/block/deviation.hpp"
#include "models/features/block/moments.hpp"
#include "models/features/block/window.hpp"

#include <caf/test/unit_test.hpp>

#include <random>

using namespace qalpha;

namespace {

/// Everything that is known about a window, as a kernel.
class window_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 9;

  explicit window_kernel(size_t length)
    : block_kernel(length), length_(length), x_(memory_.add(length)),
      w_(memory_.add(length)), sum_(memory_, x_, length),
      max_(memory_, x_, length), min_(memory_, x_, length),
      moments_(memory_, length), weighted_(memory_, length) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, outputs> undefined_before() const noexcept {
    return {};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto x = keep(now, x_, in[0]);
    auto w = keep(now, w_, in[1]);
    sum_.run(now, out[0]);
    max_.run(now, out[1]);
    min_.run(now, out[2]);
    moments_.run(now, x, out[3], out[4]);
    weighted_.run(now, x, w, out[5], out[6], out[7]);
    sum_deviations(now, length_, x, in[0], out[8]);
  }

private:
  size_t length_;
  double* x_;
  double* w_;
  window_sum sum_;
  window_max max_;
  window_min min_;
  window_moments moments_;
  weighted_moments weighted_;
};

using numbers = std::vector<double>;

numbers random_numbers(size_t count, uint64_t seed) {
  std::mt19937_64 random{seed};
  std::uniform_real_distribution<double> uniform{1, 3};
  numbers result(count);
  for (auto& x : result)
    x = uniform(random);
  return result;
}

std::array<double, 9> by_definition(const numbers& x, const numbers& w,
                                    size_t length, size_t row) {
  std::array<double, 9> result{};
  auto& [sum, max, min, offset, squares, weights, weighted, energy, far]
    = result;
  max = -1;
  min = 10;
  for (size_t i = row + 1 - length; i <= row; ++i) {
    auto t = x[i] - x[row];
    sum += x[i];
    max = std::max(max, x[i]);
    min = std::min(min, x[i]);
    offset += t;
    weights += w[i];
    weighted += w[i] * t;
    energy += w[i] * t * t;
    far += std::abs(t);
  }
  auto mean = sum / static_cast<double>(length);
  for (size_t i = row + 1 - length; i <= row; ++i)
    squares += (x[i] - mean) * (x[i] - mean);
  return result;
}

void check_window(size_t length) {
  auto rows = length + 700;
  auto x = random_numbers(rows, length);
  auto w = random_numbers(rows, length + 1);
  block_feature<window_kernel> object{length};
  std::array<numbers, 9> columns;
  std::array<double*, 9> out;
  for (size_t i = 0; i < out.size(); ++i) {
    columns[i].resize(rows);
    out[i] = columns[i].data();
  }
  std::array<const double*, 2> in{x.data(), w.data()};
  object.update(in.data(), out.data(), rows);
  for (auto row = length - 1; row < rows; row += 7) {
    auto expected = by_definition(x, w, length, row);
    for (size_t i = 0; i < expected.size(); ++i) {
      auto error = std::abs(columns[i][row] - expected[i]);
      if (!(error <= 1e-13 * static_cast<double>(length)
                       * (1 + std::abs(expected[i]))))
        CAF_FAIL("length " << length << ", value " << i << ", row " << row
                           << ": " << columns[i][row] << ", not "
                           << expected[i]);
    }
  }
}

/// Kernel around one recurrence.
template <class Line>
class line_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  template <class Make>
  explicit line_kernel(Make make)
    : block_kernel(8), x_(memory_.add(2)), line_(make(memory_)) {
    // nop
  }

  size_t settled() const noexcept {
    return line_.settled();
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {line_.first()};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto y = line_.run(now, keep(now, x_, in[0]));
    std::copy_n(y, now.count, out[0]);
  }

private:
  double* x_;
  Line line_;
};

template <class Line, class Make>
numbers line_of(const numbers& x, Make make) {
  block_feature<line_kernel<Line>> object{make};
  numbers result(x.size());
  auto in = x.data();
  auto out = result.data();
  object.update(&in, &out, x.size());
  return result;
}

} // namespace

CAF_TEST(windows_of_every_length_are_folded_as_defined) {
  for (size_t length = 1; length <= 70; ++length)
    check_window(length);
  for (size_t length : {100, 128, 255, 256, 257, 300, 511, 1'000})
    check_window(length);
  CAF_CHECK(true);
}

CAF_TEST(recurrences_are_those_that_go_row_by_row) {
  auto x = random_numbers(2'000, 1);
  for (size_t period : {1, 2, 3, 14, 200})
    for (size_t start : {0, 1, 5}) {
      auto n = static_cast<double>(period);
      auto wilder = line_of<decay>(
        x, [=](tape& t) { return decay::wilder(t, period, start); });
      auto ema = line_of<ema_line>(x, [=](tape& t) {
        return ema_line{t, start, period};
      });
      auto seed = start + period - 1;
      auto mean = 0.0;
      for (auto row = start; row <= seed; ++row)
        mean += x[row] / n;
      auto slow = mean;
      auto fast = mean;
      for (auto row = seed; row < x.size(); ++row) {
        if (row > seed) {
          slow += (x[row] - slow) / n;
          fast += 2 / (n + 1) * (x[row] - fast);
        }
        CAF_REQUIRE(std::abs(wilder[row] - slow) <= 1e-13);
        CAF_REQUIRE(std::abs(x[row] - ema[row] - fast) <= 1e-13);
      }
    }
}
