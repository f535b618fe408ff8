// How much noise there is, and how details are freed of it.

#pragma once

#include "models/features/wavelet/magnitudes.hpp"

#include <array>
#include <span>
#include <string_view>

namespace qalpha {

/// How a threshold is chosen.
enum class threshold_rule {
  /// sigma * sqrt(2 ln n): above what noise reaches (Donoho and Johnstone
  /// 1994).
  universal,
  /// Least of Stein's unbiased estimate of the risk.
  sure,
  /// As sure, but universal where details are few (Donoho and Johnstone 1995).
  sure_shrink,
  /// sigma^2 / (deviation of the details without noise) (Chang, Yu and Vetterli
  /// 2000).
  bayes,
};

/// What is done with a detail x at a threshold T.
enum class shrink_function {
  /// Smaller by T.
  soft,
  /// Kept from T on.
  hard,
  /// x - T^2/x.
  garrote,
  /// From 0 at T to x at 2T along a line.
  firm,
};

// A specification knows them by their index: new ones go to the end.
inline constexpr std::array<std::string_view, 4> threshold_rule_names{
  "universal", "sure", "sure_shrink", "bayes"};
inline constexpr std::array<std::string_view, 4> shrink_function_names{
  "soft", "hard", "garrote", "firm"};

/// How the deviation of the noise follows from the median of the details.
enum class noise_estimate {
  /// By 0.6745, as most papers have it.
  rounded,
  /// By the exact quantile, without details that are exactly 0, as scikit-image
  /// does.
  exact,
};

/// @returns the standard deviation of the noise in details, 0 if there is none.
double noise_of(magnitude_order& details, noise_estimate estimate);

/// @param size values of the series, not coefficients of a level
double universal_threshold(double noise, size_t size) noexcept;

/// @param sorted absolute details, rising
/// @returns the threshold of least risk; the first of several.
double sure_threshold(std::span<const double> sorted, double noise) noexcept;

/// As above, of details that are not sorted. Bounds of the risk in each bin
/// tell where the least can be; only there are details sorted.
double sure_threshold(magnitude_order& details, double noise);

/// Estimates the risk only where details are not few.
double sure_shrink_threshold(std::span<const double> details,
                             magnitude_order& order, double noise);

double bayes_threshold(std::span<const double> details, double noise) noexcept;

/// Changes details in place; those at a threshold of 0 stay as they are.
void shrink(std::span<double> details, shrink_function function,
            double threshold) noexcept;

/// @returns a detail: 0 up to `low`, itself from `high` on, on a line between.
/// @pre `0 < low && low < high`
double firm_shrink(double x, double low, double high) noexcept;

} // namespace qalpha
