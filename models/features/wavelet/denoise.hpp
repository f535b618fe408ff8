// Takes the noise out of a series by its wavelet coefficients.

#pragma once

#include "models/features/wavelet/shrinkage.hpp"
#include "models/features/wavelet/transform.hpp"

#include <span>
#include <vector>

namespace qalpha {

struct denoise_options {
  wavelet of = wavelet_at(3);
  size_t levels = 4;
  threshold_rule rule = threshold_rule::sure_shrink;
  shrink_function function = shrink_function::soft;
  wavelet_boundary boundary = wavelet_boundary::symmetric;
  noise_estimate estimate = noise_estimate::rounded;
  /// Noise of each level by its own details, or by the finest for all. The
  /// rules for risk take the former, the others the latter.
  bool noise_of_each_level = true;
};

/// A series each value of which depends on later ones: good for a picture or
/// for measuring how much noise there is. No feature, training set or strategy
/// takes it, and that is why it is no list of numbers: whoever reads it has to
/// say that later values may be seen.
class two_sided_series {
public:
  explicit two_sided_series(std::vector<double> values)
    : values_(std::move(values)) {
    // nop
  }

  size_t size() const noexcept {
    return values_.size();
  }

  /// @returns the values. Never to be used as if known at their time.
  const std::vector<double>& with_look_ahead() const noexcept {
    return values_;
  }

private:
  std::vector<double> values_;
};

/// Denoises series of one length; keeps its memory for the next.
class wavelet_denoiser {
public:
  /// @returns a fault if the length does not allow so many levels.
  static fallible<wavelet_denoiser> make(const denoise_options& options,
                                         size_t length);

  /// @returns the whole series, or a fault if it has another length or a value
  ///          that is not finite.
  fallible<two_sided_series> denoise(std::span<const double> x);

  /// Computes the last value only: all it depends on is known by then. Of a
  /// window that ends now it is the causal form.
  /// @pre as many values as `make` was told, all finite
  double denoise_last(std::span<const double> x);

private:
  wavelet_denoiser(const denoise_options& options, size_t length);

  // Details of one level, and the smooth part it leaves.
  struct level {
    // Values that it splits.
    size_t values;
    std::vector<double> low;
    std::vector<double> high;
  };

  void decompose(std::span<const double> x);
  void shrink_level(size_t index);
  void reconstruct(size_t first, double* values);

  denoise_options options_;
  wavelet_step step_;
  std::vector<level> levels_;
  // First value that has to be joined at each level.
  std::vector<size_t> needed_;
  std::vector<double> joined_;
  magnitude_order order_;
  double finest_noise_ = 0;
};

/// @returns options with the noise that the rule is meant for.
denoise_options with_usual_noise(denoise_options options) noexcept;

} // namespace qalpha
