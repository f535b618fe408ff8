#include "models/features/wavelet/denoise.hpp"

#include <cmath>
#include <string>

namespace qalpha {

denoise_options with_usual_noise(denoise_options options) noexcept {
  options.noise_of_each_level = options.rule == threshold_rule::sure
                                || options.rule == threshold_rule::sure_shrink;
  return options;
}

fallible<wavelet_denoiser>
wavelet_denoiser::make(const denoise_options& options, size_t length) {
  if (auto wrong = wrong_level(length, options.of, options.levels))
    return *wrong;
  return wavelet_denoiser{options, length};
}

wavelet_denoiser::wavelet_denoiser(const denoise_options& options,
                                   size_t length)
  : options_(options), step_(options.of, options.boundary),
    needed_(options.levels), joined_(length) {
  auto values = length;
  for (size_t i = 0; i < options.levels; ++i) {
    auto count = step_.coefficients(values);
    levels_.push_back(
      {values, std::vector<double>(count), std::vector<double>(count)});
    values = count;
  }
}

fallible<two_sided_series>
wavelet_denoiser::denoise(std::span<const double> x) {
  if (x.size() != levels_.front().values)
    return fault{"values: expected " + std::to_string(levels_.front().values)
                 + ", found " + std::to_string(x.size())};
  for (size_t i = 0; i < x.size(); ++i)
    if (!std::isfinite(x[i]))
      return fault{"values[" + std::to_string(i)
                   + "]: expected a finite number, found "
                   + std::to_string(x[i])};
  decompose(x);
  std::vector<double> result(x.size());
  reconstruct(0, result.data());
  return two_sided_series{std::move(result)};
}

double wavelet_denoiser::denoise_last(std::span<const double> x) {
  decompose(x);
  reconstruct(x.size() - 1, joined_.data());
  return joined_[x.size() - 1];
}

void wavelet_denoiser::decompose(std::span<const double> x) {
  for (size_t i = 0; i < levels_.size(); ++i) {
    auto& now = levels_[i];
    step_.split(x, now.low.data(), now.high.data());
    shrink_level(i);
    x = now.low;
  }
}

void wavelet_denoiser::shrink_level(size_t index) {
  auto& details = levels_[index].high;
  auto by_order = options_.rule == threshold_rule::sure
                  || options_.rule == threshold_rule::sure_shrink;
  if (index == 0 || options_.noise_of_each_level || by_order)
    order_.look_at(details);
  auto noise = finest_noise_;
  if (index == 0 || options_.noise_of_each_level)
    noise = noise_of(order_, options_.estimate);
  if (index == 0)
    finest_noise_ = noise;
  if (!(noise > 0))
    return;
  double threshold = 0;
  switch (options_.rule) {
    case threshold_rule::universal:
      threshold = universal_threshold(noise, levels_.front().values);
      break;
    case threshold_rule::sure:
      threshold = sure_threshold(order_, noise);
      break;
    case threshold_rule::sure_shrink:
      threshold = sure_shrink_threshold(details, order_, noise);
      break;
    default:
      threshold = bayes_threshold(details, noise);
  }
  shrink(details, options_.function, threshold);
}

// Of each level only what the values from `first` on need.
void wavelet_denoiser::reconstruct(size_t first, double* values) {
  needed_[0] = first;
  for (size_t i = 1; i < levels_.size(); ++i)
    needed_[i] = step_.first_needed(needed_[i - 1]);
  for (auto i = levels_.size(); i-- > 0;) {
    auto& now = levels_[i];
    step_.join(now.low.data(), now.high.data(), now.low.size(), needed_[i],
               now.values, i == 0 ? values : levels_[i - 1].low.data());
  }
}

} // namespace qalpha
