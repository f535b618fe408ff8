#include "models/features/wavelet/undecimated.hpp"

#include <cmath>
#include <string>

namespace qalpha {

namespace {

constexpr size_t most_levels = 20;

struct filter_pair {
  std::vector<double> low;
  std::vector<double> high;
};

/// Filters in a circle; `step` lies between two taps, the output stands
/// `ahead` of the newest value read.
undecimated_level filtered(std::span<const double> x, const filter_pair& by,
                           size_t step, size_t ahead) {
  auto n = x.size();
  undecimated_level result{std::vector<double>(n), std::vector<double>(n)};
  for (size_t i = 0; i < n; ++i) {
    auto at = (i + ahead) % n;
    for (size_t k = 0; k < by.low.size(); ++k) {
      result.smooth[i] += by.low[k] * x[at];
      result.detail[i] += by.high[k] * x[at];
      at = (at + n - step % n) % n;
    }
  }
  return result;
}

/// The transpose of `filtered`.
std::vector<double> joined(std::span<const double> smooth,
                           std::span<const double> detail,
                           const filter_pair& by, size_t step, size_t ahead) {
  auto n = smooth.size();
  std::vector<double> result(n);
  for (size_t i = 0; i < n; ++i) {
    auto at = (i + n - ahead % n) % n;
    for (size_t k = 0; k < by.low.size(); ++k) {
      result[i] += by.low[k] * smooth[at] + by.high[k] * detail[at];
      at = (at + step) % n;
    }
  }
  return result;
}

filter_pair stationary_filters(const wavelet& of) {
  filter_pair result;
  for (size_t k = 0; k < of.length(); ++k) {
    result.low.push_back(of.low[k]);
    result.high.push_back(of.high(k));
  }
  return result;
}

filter_pair modwt_filters(std::span<const double> scaling) {
  filter_pair result;
  auto n = scaling.size();
  for (size_t k = 0; k < n; ++k) {
    auto sign = k % 2 == 0 ? 1.0 : -1.0;
    result.low.push_back(scaling[k] / std::sqrt(2.0));
    result.high.push_back(sign * scaling[n - 1 - k] / std::sqrt(2.0));
  }
  return result;
}

} // namespace

fallible<std::vector<undecimated_level>>
stationary_transform(std::span<const double> x, const wavelet& of,
                     size_t levels) {
  if (levels < 1 || levels > most_levels)
    return fault{"level must be 1 to " + std::to_string(most_levels) + ", was "
                 + std::to_string(levels)};
  auto multiple = size_t{1} << levels;
  if (x.empty() || x.size() % multiple != 0)
    return fault{"values: expected a multiple of " + std::to_string(multiple)
                 + ", found " + std::to_string(x.size())};
  auto by = stationary_filters(of);
  std::vector<undecimated_level> result;
  for (size_t step = 1; step < multiple; step *= 2) {
    result.push_back(filtered(x, by, step, step * of.length() / 2));
    x = result.back().smooth;
  }
  return result;
}

std::vector<double>
stationary_inverse(const std::vector<undecimated_level>& levels,
                   const wavelet& of) {
  auto by = stationary_filters(of);
  auto smooth = levels.back().smooth;
  for (auto i = levels.size(); i-- > 0;) {
    auto step = size_t{1} << i;
    smooth = joined(smooth, levels[i].detail, by, step, step * of.length() / 2);
    // Each value came twice, once for either half of the coefficients.
    for (auto& x : smooth)
      x /= 2;
  }
  return smooth;
}

fallible<std::vector<undecimated_level>>
modwt(std::span<const double> x, std::span<const double> scaling, size_t levels,
      modwt_boundary boundary) {
  if (levels < 1 || levels > most_levels)
    return fault{"level must be 1 to " + std::to_string(most_levels) + ", was "
                 + std::to_string(levels)};
  if (x.empty())
    return fault{"values: expected at least 1, found 0"};
  auto size = x.size();
  std::vector<double> circle(x.begin(), x.end());
  if (boundary == modwt_boundary::reflection)
    circle.insert(circle.end(), x.rbegin(), x.rend());
  auto by = modwt_filters(scaling);
  std::vector<undecimated_level> result;
  for (size_t i = 0; i < levels; ++i) {
    result.push_back(
      filtered(i == 0 ? circle : result.back().smooth, by, size_t{1} << i, 0));
  }
  for (auto& level : result) {
    level.smooth.resize(size);
    level.detail.resize(size);
  }
  return result;
}

std::vector<double> modwt_inverse(const std::vector<undecimated_level>& levels,
                                  std::span<const double> scaling) {
  auto by = modwt_filters(scaling);
  auto smooth = levels.back().smooth;
  for (auto i = levels.size(); i-- > 0;)
    smooth = joined(smooth, levels[i].detail, by, size_t{1} << i, 0);
  return smooth;
}

std::vector<double> scaling_filter(const wavelet& of) {
  return {of.low.rbegin(), of.low.rend()};
}

} // namespace qalpha
