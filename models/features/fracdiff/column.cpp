#include "models/features/fracdiff/column.hpp"

#include "models/features/block/dot_product.hpp"
#include "models/features/feature.hpp"
#include "models/features/fracdiff/weights.hpp"

#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>

namespace qalpha {

namespace {

// Shorter windows are faster by plain sums.
constexpr size_t shortest_for_transforms = 64;

struct fftw_free_memory {
  void operator()(void* memory) const noexcept {
    fftw_free(memory);
  }
};

struct fftw_free_plan {
  void operator()(fftw_plan_s* plan) const noexcept {
    fftw_destroy_plan(plan);
  }
};

using plan_pointer = std::unique_ptr<fftw_plan_s, fftw_free_plan>;

template <class T>
using fftw_array = std::unique_ptr<T[], fftw_free_memory>;

/// FFTW makes plans in one place for the whole process.
void make_planning_thread_safe() {
  [[maybe_unused]] static const auto done = [] {
    fftw_make_planner_thread_safe();
    return true;
  }();
}

/// Overlap-save: of each block transformed, the rows whose whole window lies in
/// the block are kept.
class overlap_save {
public:
  explicit overlap_save(const std::vector<double>& weights)
    : window_(weights.size()), block_(block_for(window_)),
      sum_(std::accumulate(weights.rbegin(), weights.rend(), 0.0)),
      values_(fftw_alloc_real(block_)),
      spectrum_(fftw_alloc_complex(block_ / 2 + 1)),
      weights_(fftw_alloc_complex(block_ / 2 + 1)) {
    make_planning_thread_safe();
    auto n = static_cast<int>(block_);
    // An estimate is the same plan on each run; a measured one is not.
    forward_.reset(
      fftw_plan_dft_r2c_1d(n, values_.get(), spectrum_.get(), FFTW_ESTIMATE));
    backward_.reset(
      fftw_plan_dft_c2r_1d(n, spectrum_.get(), values_.get(), FFTW_ESTIMATE));
    std::fill_n(values_.get(), block_, 0.0);
    std::copy(weights.begin(), weights.end(), values_.get());
    fftw_execute(forward_.get());
    auto scale = 1 / static_cast<double>(block_);
    for (size_t i = 0; i <= block_ / 2; ++i) {
      weights_[i][0] = spectrum_[i][0] * scale;
      weights_[i][1] = spectrum_[i][1] * scale;
    }
  }

  /// Appends the rows that have a whole window.
  void run(std::span<const double> x, std::vector<double>& result) {
    auto kept = block_ - (window_ - 1);
    for (size_t begin = 0; begin + window_ <= x.size(); begin += kept) {
      auto known = std::min(block_, x.size() - begin);
      // A transform errs by the size of what it is given, so the level goes
      // round it.
      auto level = x[begin];
      for (size_t i = 0; i < known; ++i)
        values_[i] = x[begin + i] - level;
      std::fill(values_.get() + known, values_.get() + block_, 0.0);
      fftw_execute(forward_.get());
      multiply();
      fftw_execute(backward_.get());
      auto offset = level * sum_;
      for (auto i = window_ - 1; i < known; ++i)
        values_[i] += offset;
      result.insert(result.end(), values_.get() + window_ - 1,
                    values_.get() + known);
    }
  }

private:
  static size_t block_for(size_t window) {
    size_t result = 1'024;
    while (result < 8 * window)
      result *= 2;
    return result;
  }

  void multiply() noexcept {
    for (size_t i = 0; i <= block_ / 2; ++i) {
      auto re = spectrum_[i][0] * weights_[i][0]
                - spectrum_[i][1] * weights_[i][1];
      auto im = spectrum_[i][0] * weights_[i][1]
                + spectrum_[i][1] * weights_[i][0];
      spectrum_[i][0] = re;
      spectrum_[i][1] = im;
    }
  }

  size_t window_;
  size_t block_;
  // Of the weights.
  double sum_;
  fftw_array<double> values_;
  fftw_array<fftw_complex> spectrum_;
  fftw_array<fftw_complex> weights_;
  plan_pointer forward_;
  plan_pointer backward_;
};

/// Without a branch a value.
bool all_finite(std::span<const double> x) noexcept {
  auto good = true;
  for (auto value : x)
    good &= value - value == 0;
  return good;
}

void run_plain(std::span<const double> x, const std::vector<double>& weights,
               std::vector<double>& result) {
  std::vector<double> oldest_first(weights.rbegin(), weights.rend());
  auto window = weights.size();
  for (auto row = window - 1; row < x.size(); ++row)
    result.push_back(
      dot_product(oldest_first.data(), &x[row + 1 - window], window));
}

} // namespace

fallible<std::vector<double>> fracdiff_column(std::span<const double> logs,
                                              double d, double threshold) {
  auto weights = fracdiff_weights(d, threshold);
  if (!weights)
    return weights.error();
  if (weights->size() >= logs.size())
    return fault{"the window has " + std::to_string(weights->size())
                 + " rows, expected more in the column, found "
                 + std::to_string(logs.size())};
  if (!all_finite(logs))
    for (size_t i = 0; i < logs.size(); ++i)
      if (!std::isfinite(logs[i]))
        return fault{"logs[" + std::to_string(i)
                     + "]: expected a finite number, found "
                     + std::to_string(logs[i])};
  std::vector<double> result;
  result.reserve(logs.size());
  result.assign(weights->size() - 1, undefined);
  if (weights->size() < shortest_for_transforms)
    run_plain(logs, *weights, result);
  else
    overlap_save{*weights}.run(logs, result);
  return result;
}

} // namespace qalpha
