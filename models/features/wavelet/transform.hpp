// The discrete wavelet transform and back.

#pragma once

#include "models/features/wavelet/extension.hpp"
#include "models/features/wavelet/kernels.hpp"
#include "models/machine/fallible.hpp"

#include <span>
#include <vector>

namespace qalpha {

/// One level of the transform, with the memory that it works in.
class wavelet_step {
public:
  wavelet_step(const wavelet& of, wavelet_boundary boundary);

  /// @returns how many coefficients of each kind so many values have.
  size_t coefficients(size_t values) const noexcept;

  /// Splits a series in a smooth part and detail.
  /// @param low, high room for `coefficients(x.size())` each
  /// @pre `!x.empty()`, and two values for reflect and antireflect
  void split(std::span<const double> x, double* low, double* high);

  /// Puts together again the values from `first` to `end`; the others are left
  /// as they are.
  /// @param low, high `count` coefficients each
  /// @pre `end <= 2 * count - length of the filter + 2`, or `2 * count` for
  ///      periodization
  void join(const double* low, const double* high, size_t count, size_t first,
            size_t end, double* values);

  /// @returns the first coefficient that the values from `first` on need.
  size_t first_needed(size_t first) const noexcept {
    return boundary_ == wavelet_boundary::periodization ? 0 : first / 2;
  }

private:
  void join_periodic(const double* low, const double* high, size_t count,
                     size_t first, size_t end, double* values);

  wavelet_taps taps_;
  wavelet_boundary boundary_;
  vector_level vectors_ = current_vector_level();
  // What is read before the value at the place of an output.
  size_t reach_;
  std::vector<double> even_;
  std::vector<double> odd_;
};

/// Coefficients of a series: the smooth part, then details from coarse to fine.
struct wavelet_coefficients {
  /// Values that the series had.
  size_t size;
  std::vector<std::vector<double>> bands;
};

/// Transforms over all levels, as `wavedec` of PyWavelets. Each coefficient
/// depends on values on both sides, also later ones.
/// @returns a fault if the series is too short for so many levels.
fallible<wavelet_coefficients>
wavelet_decompose(std::span<const double> x, const wavelet& of,
                  wavelet_boundary boundary, size_t levels);

/// @returns the series that has these coefficients, or a fault if they do not
///          belong together.
fallible<std::vector<double>>
wavelet_reconstruct(const wavelet_coefficients& from, const wavelet& of,
                    wavelet_boundary boundary);

} // namespace qalpha
