#include "models/features/wavelet/choice.hpp"

#include "models/features/wavelet/transform.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace qalpha {

namespace {

constexpr size_t highest_usual_level = 5;
constexpr size_t level_to_compare = 3;
constexpr double least_share = 0.01;

std::optional<fault> not_finite(std::span<const double> x) {
  for (size_t i = 0; i < x.size(); ++i)
    if (!std::isfinite(x[i]))
      return fault{"values[" + std::to_string(i)
                   + "]: expected a finite number, found "
                   + std::to_string(x[i])};
  return std::nullopt;
}

/// The level of a series is no detail, but costs digits.
std::vector<double> around_mean(std::span<const double> x) {
  auto mean = std::accumulate(x.begin(), x.end(), 0.0)
              / static_cast<double>(x.size());
  std::vector<double> result(x.begin(), x.end());
  for (auto& value : result)
    value -= mean;
  return result;
}

double energy_of(std::span<const double> details) {
  return std::inner_product(details.begin(), details.end(), details.begin(),
                            0.0);
}

fallible<wavelet_score> score_of(std::span<const double> x, const wavelet& of) {
  auto level = std::min(level_to_compare, highest_wavelet_level(x.size(), of));
  auto parts = wavelet_decompose(x, of, wavelet_boundary::symmetric, level);
  if (!parts)
    return parts.error();
  wavelet_score result{of, level, 0, 0, 0};
  auto details = std::span{parts->bands}.subspan(1);
  for (const auto& band : details)
    result.energy += energy_of(band);
  if (!(result.energy > 0))
    return result;
  for (const auto& band : details)
    for (auto detail : band) {
      auto share = detail * detail / result.energy;
      if (share > 0)
        result.entropy -= share * std::log(share);
    }
  result.ratio = result.entropy > 0 ? result.energy / result.entropy
                                    : std::numeric_limits<double>::infinity();
  return result;
}

} // namespace

size_t usual_wavelet_level(size_t size, const wavelet& of) noexcept {
  auto highest = highest_wavelet_level(size, of);
  return highest <= 4 ? 1 : std::min(highest - 3, highest_usual_level);
}

fallible<size_t> wavelet_level_by_energy(std::span<const double> x,
                                         const wavelet& of, size_t window) {
  if (auto wrong = not_finite(x))
    return *wrong;
  auto highest = std::max<size_t>(highest_wavelet_level(x.size(), of), 1);
  auto parts = wavelet_decompose(around_mean(x), of,
                                 wavelet_boundary::symmetric, highest);
  if (!parts)
    return parts.error();
  // From fine to coarse: a level is judged by the details up to it.
  size_t result = 1;
  double all = 0;
  for (size_t level = 1; level <= highest; ++level) {
    auto energy = energy_of(parts->bands[parts->bands.size() - level]);
    all += energy;
    if (energy > least_share * all && (size_t{1} << level) <= window / 4)
      result = level;
  }
  return result;
}

std::vector<wavelet> usual_wavelets() {
  std::vector<wavelet> result;
  for (auto name : {"db1", "db2", "db4", "db6", "db8", "sym4", "sym5", "sym8",
                    "coif1", "coif2", "coif3"})
    result.push_back(*find_wavelet(name));
  return result;
}

fallible<std::vector<wavelet_score>>
rank_wavelets(std::span<const double> x, std::span<const wavelet> candidates) {
  if (auto wrong = not_finite(x))
    return *wrong;
  auto centred = around_mean(x);
  std::vector<wavelet_score> result;
  for (const auto& candidate : candidates) {
    auto score = score_of(centred, candidate);
    if (!score)
      return score.error();
    result.push_back(*score);
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const auto& a, const auto& b) {
                     if (a.ratio != b.ratio)
                       return a.ratio > b.ratio;
                     return a.of.length() < b.of.length();
                   });
  return result;
}

} // namespace qalpha
