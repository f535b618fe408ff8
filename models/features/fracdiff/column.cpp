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

  /// @param shift what the rows are taken relative to
  /// @param offset what is added to each result
  void run(std::span<const double> x, double shift, double offset,
           std::vector<double>& result) {
    auto kept = block_ - (window_ - 1);
    for (size_t begin = 0; begin + window_ <= x.size(); begin += kept) {
      auto known = std::min(block_, x.size() - begin);
      for (size_t i = 0; i < known; ++i)
        values_[i] = x[begin + i] - shift;
      std::fill(values_.get() + known, values_.get() + block_, 0.0);
      fftw_execute(forward_.get());
      multiply();
      fftw_execute(backward_.get());
      for (auto i = window_ - 1; i < known; ++i)
        result[begin + i] = values_[i] + offset;
    }
  }

private:
  static size_t block_for(size_t window) {
    size_t result = 1'024;
    while (result < 4 * window)
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
  fftw_array<double> values_;
  fftw_array<fftw_complex> spectrum_;
  fftw_array<fftw_complex> weights_;
  plan_pointer forward_;
  plan_pointer backward_;
};

void run_plain(std::span<const double> x, const std::vector<double>& weights,
               std::vector<double>& result) {
  std::vector<double> oldest_first(weights.rbegin(), weights.rend());
  auto window = weights.size();
  for (auto row = window - 1; row < x.size(); ++row)
    result[row] = dot_product(oldest_first.data(), &x[row + 1 - window],
                              window);
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
  for (size_t i = 0; i < logs.size(); ++i)
    if (!std::isfinite(logs[i]))
      return fault{"logs[" + std::to_string(i)
                   + "]: expected a finite number, found "
                   + std::to_string(logs[i])};
  std::vector<double> result(logs.size(), undefined);
  if (weights->size() < shortest_for_transforms) {
    run_plain(logs, *weights, result);
    return result;
  }
  // A transform errs by the size of what it is given, so the level goes round
  // it.
  auto level = std::accumulate(logs.begin(), logs.end(), 0.0)
               / static_cast<double>(logs.size());
  auto sum = std::accumulate(weights->rbegin(), weights->rend(), 0.0);
  overlap_save{*weights}.run(logs, level, level * sum, result);
  return result;
}

} // namespace qalpha
