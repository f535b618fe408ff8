#include "models/features/row_feature.hpp"
#include "models/features/wavelet/rolling.hpp"
#include "models/features/wavelet/rolling_median.hpp"
#include "models/features/wavelet/shrinkage.hpp"
#include "models/features/wavelet/undecimated.hpp"

#include <cmath>
#include <vector>

namespace qalpha {

namespace {

constexpr std::string_view close_only[] = {"close"};

/// The last values of a series.
class delay_line {
public:
  /// @param reach how far back it is read
  explicit delay_line(size_t reach) : ring_(reach + 1) {
    // nop
  }

  void take(double x) noexcept {
    newest_ = newest_ + 1 == ring_.size() ? 0 : newest_ + 1;
    ring_[newest_] = x;
  }

  double operator[](size_t rows_ago) const noexcept {
    return ring_[newest_ >= rows_ago ? newest_ - rows_ago
                                     : newest_ + ring_.size() - rows_ago];
  }

private:
  std::vector<double> ring_;
  size_t newest_ = 0;
};

// -- haar_denoise
// -----------------------------------------------------------------

// Each level halves the sum with what lay 1, 2, 4, ... rows back, and what it
// takes away is the detail: all details and the last smooth part add up to the
// input again.
class haar_denoise_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 3;

  haar_denoise_kernel(size_t levels, size_t window, shrink_function function)
    : window_(window), function_(function) {
    for (size_t i = 0; i < levels; ++i)
      levels_.push_back({delay_line{size_t{1} << i}, rolling_median{window}});
  }

  row_values<3> step(const row_values<1>& x) noexcept {
    auto smooth = x[0];
    double details = 0;
    for (size_t i = 0; i < levels_.size(); ++i) {
      auto& [past, noise] = levels_[i];
      past.take(smooth);
      // A level knows its past once those before it are known that long.
      if (seen_ + 1 < size_t{1} << (i + 1))
        return not_yet();
      auto next = (smooth + past[size_t{1} << i]) / 2;
      auto detail = smooth - next;
      noise.take(std::abs(detail));
      if (noise.full())
        details += without_noise(detail, noise.median());
      smooth = next;
    }
    if (!levels_.back().noise.full())
      return not_yet();
    auto clean = smooth + details;
    return {clean, x[0] - clean, smooth};
  }

private:
  struct level {
    delay_line past;
    rolling_median noise;
  };

  row_values<3> not_yet() noexcept {
    ++seen_;
    return {undefined, undefined, undefined};
  }

  double without_noise(double detail, double median) const noexcept {
    constexpr auto quantile = 0.6744897501960817;
    shrink({&detail, 1}, function_,
           universal_threshold(median / quantile, window_));
    return detail;
  }

  size_t window_;
  shrink_function function_;
  std::vector<level> levels_;
  // Rows before the first result.
  size_t seen_ = 0;
};

fallible<made_feature> make_haar_denoise(std::span<const double> values) {
  auto levels = static_cast<size_t>(values[0]);
  auto window = static_cast<size_t>(values[1]);
  auto function = static_cast<shrink_function>(values[2]);
  auto reach = (size_t{1} << levels) - 1;
  return made_feature{
    make_row_feature(haar_denoise_kernel{levels, window, function}),
    reach + window - 1, reach + window};
}

constexpr parameter haar_denoise_parameters[] = {
  {"level", 4, 1, 12, "how often the smooth part is made smoother"},
  {"window", 256, 2, 65'536, "rows by which the noise of a level is measured"},
  choice_parameter("function", 0, shrink_function_names,
                   "what is done with details at a threshold"),
};

constexpr feature_output haar_denoise_outputs[] = {
  {"denoised", "in units of the input"},
  {"residual", "the input without it, in units of the input"},
  {"smooth", "the last smooth part, in units of the input"},
};

// -- wavelet_detail
// ---------------------------------------------------------------

class wavelet_detail_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 2;

  wavelet_detail_kernel(const wavelet& of, size_t levels) {
    auto scaling = scaling_filter(of);
    auto n = scaling.size();
    for (size_t k = 0; k < n; ++k) {
      low_.push_back(scaling[k] / std::sqrt(2.0));
      high_.push_back((k % 2 == 0 ? 1 : -1) * scaling[n - 1 - k]
                      / std::sqrt(2.0));
    }
    for (size_t i = 0; i < levels; ++i)
      past_.emplace_back((n - 1) << i);
    warm_up_ = (n - 1) * ((size_t{1} << levels) - 1);
  }

  row_values<2> step(const row_values<1>& x) noexcept {
    auto smooth = x[0];
    double detail = 0;
    for (size_t i = 0; i < past_.size(); ++i) {
      past_[i].take(smooth);
      detail = filtered(past_[i], high_, i);
      smooth = filtered(past_[i], low_, i);
    }
    if (seen_ < warm_up_) {
      ++seen_;
      return {undefined, undefined};
    }
    return {detail, smooth};
  }

  size_t warm_up() const noexcept {
    return warm_up_;
  }

private:
  static double filtered(const delay_line& past, const std::vector<double>& by,
                         size_t level) noexcept {
    double result = 0;
    for (size_t k = 0; k < by.size(); ++k)
      result += by[k] * past[k << level];
    return result;
  }

  std::vector<double> low_;
  std::vector<double> high_;
  std::vector<delay_line> past_;
  size_t warm_up_;
  size_t seen_ = 0;
};

fallible<made_feature> make_wavelet_detail(std::span<const double> values) {
  auto levels = static_cast<size_t>(values[0]);
  auto of = wavelet_at(static_cast<size_t>(values[1]));
  wavelet_detail_kernel kernel{of, levels};
  auto warm_up = kernel.warm_up();
  return made_feature{make_row_feature(std::move(kernel)), warm_up,
                      warm_up + 1};
}

constexpr parameter wavelet_detail_parameters[] = {
  {"level", 3, 1, 12, "the detail is of 2^level rows"},
  choice_parameter("wavelet", 1, wavelet_names, "wavelet"),
};

constexpr feature_output wavelet_detail_outputs[] = {
  {"detail", "what moves within so many rows, in units of the input"},
  {"smooth", "what moves slower, in units of the input"},
};

constexpr feature_entry entries[] = {
  {"haar_denoise",
   "input with details of the Haar wavelet below the noise of their level "
   "taken "
   "out; looks back only",
   "Renaud, Starck and Murtagh 2003 (Haar \"a trous\"); universal threshold of "
   "Donoho and Johnstone 1994",
   close_only, haar_denoise_parameters, haar_denoise_outputs,
   make_haar_denoise},
  {"wavelet_detail",
   "coefficients of the maximal overlap wavelet transform at one level",
   "Percival and Walden 2000, chapter 5", close_only, wavelet_detail_parameters,
   wavelet_detail_outputs, make_wavelet_detail},
};

} // namespace

std::span<const feature_entry> causal_wavelets() {
  return entries;
}

} // namespace qalpha
