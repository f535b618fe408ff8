#include "models/features/wavelet/shrinkage.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qalpha {

namespace {

// Median of the absolute value of a normal variable with deviation 1.
constexpr double rounded_quantile = 0.6745;
constexpr double exact_quantile = 0.6744897501960817;

double sum_of_squares(std::span<const double> x) noexcept {
  double part[4] = {};
  for (size_t i = 0; i < x.size(); ++i)
    part[i % 4] += x[i] * x[i];
  return (part[0] + part[1]) + (part[2] + part[3]);
}

// What is known of the details before some that are sorted.
struct details_before {
  double all;
  double count;
  // By the variance of the noise.
  double squares;
};

/// @returns the detail at which the estimated risk is least.
double least_risk(std::span<const double> sorted, double noise,
                  const details_before& before) noexcept {
  auto least = std::numeric_limits<double>::infinity();
  double result = 0;
  auto sum = before.squares;
  auto left = before.all - before.count;
  for (auto magnitude : sorted) {
    auto x = magnitude / noise;
    auto square = x * x;
    sum += square;
    left -= 1;
    auto risk = 2 * left - before.all + sum + left * square;
    if (risk < least) {
      least = risk;
      result = magnitude;
    }
  }
  return result;
}

template <class Function>
void for_each(std::span<double> details, Function function) noexcept {
  for (auto& x : details)
    x = function(x);
}

} // namespace

double noise_of(magnitude_order& details, noise_estimate estimate) {
  if (estimate == noise_estimate::exact)
    return details.median(true) / exact_quantile;
  return details.median() / rounded_quantile;
}

double universal_threshold(double noise, size_t size) noexcept {
  return noise * std::sqrt(2 * std::log(static_cast<double>(size)));
}

double sure_threshold(std::span<const double> sorted, double noise) noexcept {
  if (sorted.empty() || !(noise > 0))
    return 0;
  return least_risk(sorted, noise, {static_cast<double>(sorted.size()), 0, 0});
}

double sure_threshold(magnitude_order& details, double noise) {
  if (details.size() == 0 || !(noise > 0))
    return 0;
  auto n = static_cast<double>(details.size());
  auto squares = details.squares();
  auto scale = 1 / (noise * noise);
  // The risk at the end of a bin is no higher than if its last detail were as
  // large as it can be.
  auto risk = [&](size_t bin, double sum, double edge) {
    auto end = static_cast<double>(details.before(bin + 1));
    return n - 2 * end + (sum + (n - end) * edge * edge) * scale;
  };
  auto least = std::numeric_limits<double>::infinity();
  double sum = 0;
  for (size_t bin = 0; bin < details.bins(); ++bin) {
    sum += squares[bin];
    if (details.before(bin) < details.before(bin + 1))
      least = std::min(least, risk(bin, sum, details.highest(bin)));
  }
  // Nor is it anywhere in a bin lower than if it began with the end's count.
  least += 1e-9 * n;
  auto first = details.bins();
  auto end = first;
  double before_first = 0;
  sum = 0;
  for (size_t bin = 0; bin < details.bins(); ++bin) {
    if (risk(bin, sum, details.lowest(bin)) <= least) {
      if (first == details.bins()) {
        first = bin;
        before_first = sum;
      }
      end = bin + 1;
    }
    sum += squares[bin];
  }
  if (first >= end) // numbers beyond what can be squared
    return sure_threshold(details.sorted(), noise);
  return least_risk(
    details.sorted(first, end), noise,
    {n, static_cast<double>(details.before(first)), before_first * scale});
}

double sure_shrink_threshold(std::span<const double> details,
                             magnitude_order& order, double noise) {
  if (details.empty() || !(noise > 0))
    return 0;
  auto n = static_cast<double>(details.size());
  auto universal = universal_threshold(noise, details.size());
  auto excess = (sum_of_squares(details) / (noise * noise) - n) / n;
  if (excess < std::pow(std::log2(n), 1.5) / std::sqrt(n))
    return universal;
  return std::min(sure_threshold(order, noise), universal);
}

double bayes_threshold(std::span<const double> details, double noise) noexcept {
  if (details.empty())
    return 0;
  auto variance = noise * noise;
  auto mean = sum_of_squares(details) / static_cast<double>(details.size());
  auto signal = std::max(mean - variance,
                         std::numeric_limits<double>::epsilon());
  return variance / std::sqrt(signal);
}

void shrink(std::span<double> details, shrink_function function,
            double threshold) noexcept {
  auto t = threshold;
  if (!(t > 0))
    return;
  switch (function) {
    case shrink_function::soft:
      for_each(details, [t](double x) {
        return std::copysign(std::max(std::abs(x) - t, 0.0), x);
      });
      break;
    case shrink_function::hard:
      for_each(details, [t](double x) { return std::abs(x) >= t ? x : 0; });
      break;
    case shrink_function::garrote:
      for_each(details,
               [t](double x) { return std::abs(x) > t ? x - t * t / x : 0; });
      break;
    default:
      for_each(details, [t](double x) { return firm_shrink(x, t, 2 * t); });
  }
}

double firm_shrink(double x, double low, double high) noexcept {
  auto size = std::abs(x);
  if (size <= low)
    return 0;
  if (size >= high)
    return x;
  return std::copysign(high * (size - low) / (high - low), x);
}

} // namespace qalpha
