#include "models/features/wavelet/rolling.hpp"

#include "models/features/wavelet/denoise.hpp"

#include <algorithm>
#include <vector>

namespace qalpha {

namespace {

// A window that ends now is denoised as a whole, and its last value taken: all
// that this value depends on is in the window. The others are thrown away; they
// were denoised with what came after them.
class rolling_denoise final : public feature {
public:
  rolling_denoise(wavelet_denoiser denoiser, size_t window)
    : denoiser_(std::move(denoiser)), window_(window), values_(2 * window) {
    // nop
  }

  void update(const double* const* inputs, double* const* outputs,
              size_t rows) override {
    for (size_t row = 0; row < rows; ++row) {
      auto value = inputs[0][row];
      take(value);
      auto clean = used_ < window_
                     ? undefined
                     : denoiser_.denoise_last(
                       std::span{values_}.subspan(used_ - window_, window_));
      outputs[0][row] = clean;
      outputs[1][row] = value - clean;
    }
  }

  void reset() override {
    used_ = 0;
  }

private:
  void take(double value) {
    if (used_ == values_.size()) {
      std::copy(values_.end() - static_cast<ptrdiff_t>(window_ - 1),
                values_.end(), values_.begin());
      used_ = window_ - 1;
    }
    values_[used_++] = value;
  }

  wavelet_denoiser denoiser_;
  size_t window_;
  // The last values, oldest first and without a seam.
  std::vector<double> values_;
  size_t used_ = 0;
};

fallible<made_feature> make_denoise(std::span<const double> values) {
  auto window = static_cast<size_t>(values[0]);
  denoise_options options;
  options.levels = static_cast<size_t>(values[1]);
  options.of = wavelet_at(static_cast<size_t>(values[2]));
  options.rule = static_cast<threshold_rule>(values[3]);
  options.function = static_cast<shrink_function>(values[4]);
  options.estimate = noise_estimate::exact;
  auto denoiser = wavelet_denoiser::make(with_usual_noise(options), window);
  if (!denoiser)
    return fault{"in a window of " + std::to_string(window) + ", "
                 + denoiser.error().text};
  return made_feature{
    std::make_unique<rolling_denoise>(std::move(*denoiser), window), window - 1,
    window};
}

constexpr std::string_view close_only[] = {"close"};

constexpr parameter denoise_parameters[] = {
  {"window", 256, 8, 65'536, "rows that are denoised together"},
  {"level", 4, 1, 12, "how often the window is halved"},
  choice_parameter("wavelet", 3, wavelet_names, "wavelet"),
  choice_parameter("rule", 2, threshold_rule_names, "how thresholds are found"),
  choice_parameter("function", 0, shrink_function_names,
                   "what is done with details at a threshold"),
};

constexpr feature_output denoise_outputs[] = {
  {"denoised", "in units of the input"},
  {"residual", "the input without it, in units of the input"},
};

constexpr feature_entry entries[] = {
  {"wavelet_denoise",
   "last value of the denoised trailing window: noisier than what two-sided "
   "denoising shows, and all that can be known",
   "Donoho and Johnstone 1994, 1995; Chang, Yu and Vetterli 2000; "
   "scikit-image denoise_wavelet of each window",
   close_only, denoise_parameters, denoise_outputs, make_denoise},
};

} // namespace

std::span<const feature_entry> rolling_denoising() {
  return entries;
}

} // namespace qalpha
