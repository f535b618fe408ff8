#include "models/features/wavelet/magnitudes.hpp"

#include <algorithm>
#include <cmath>

namespace qalpha {

namespace {

// Bins reach to so many times the mean; of noise, one value in 700 is beyond.
constexpr double bins_in_means = 4;

// For what is so short, one value a bin; for longer lists more, so that the
// bins stay near to the processor.
constexpr size_t short_list = 4'096;
constexpr size_t values_in_bin = 4;

// A bound of a bin, but for rounding.
constexpr double almost_one = 1 - 1e-12;

} // namespace

void magnitude_order::look_at(std::span<const double> values) {
  values_ = values;
  auto n = values.size();
  double part[4] = {};
  double largest[4] = {};
  uint32_t zeros[4] = {};
  for (size_t i = 0; i < n; ++i) {
    auto magnitude = std::abs(values[i]);
    part[i % 4] += magnitude;
    largest[i % 4] = std::max(largest[i % 4], magnitude);
    zeros[i % 4] += magnitude == 0;
  }
  zeros_ = zeros[0] + zeros[1] + zeros[2] + zeros[3];
  largest_ = *std::max_element(largest, largest + 4);
  auto mean = (part[0] + part[1] + part[2] + part[3]) / static_cast<double>(n);
  auto bins = std::max<size_t>(n <= short_list ? n : n / values_in_bin, 8);
  scale_ = static_cast<double>(bins) / (bins_in_means * mean);
  // Too small or too large to divide by.
  if (!std::isfinite(scale_))
    scale_ = 0;
  bin_of_.resize(std::max(bin_of_.size(), n));
  auto last = static_cast<double>(bins - 1);
  for (size_t i = 0; i < n; ++i) {
    auto bin = std::min(std::abs(values[i]) * scale_, last);
    bin_of_[i] = static_cast<uint32_t>(static_cast<int32_t>(bin));
  }
  begins_.assign(bins + 1, 0);
  for (size_t i = 0; i < n; ++i)
    ++begins_[bin_of_[i] + 1];
  for (size_t bin = 0; bin < bins; ++bin)
    begins_[bin + 1] += begins_[bin];
}

double magnitude_order::nth(size_t index) {
  auto bin = static_cast<uint32_t>(
    std::upper_bound(begins_.begin(), begins_.end(), index) - begins_.begin()
    - 1);
  some_.clear();
  for (size_t i = 0; i < values_.size(); ++i)
    if (bin_of_[i] == bin)
      some_.push_back(std::abs(values_[i]));
  auto at = some_.begin() + static_cast<ptrdiff_t>(index - begins_[bin]);
  std::nth_element(some_.begin(), at, some_.end());
  return *at;
}

double magnitude_order::median(bool leave_out_zeros) {
  auto first = leave_out_zeros ? zeros_ : 0;
  auto n = values_.size() - first;
  if (n == 0)
    return 0;
  auto upper = nth(first + n / 2);
  if (n % 2 == 1)
    return upper;
  // The one below is most often in the same bin, which is there already.
  auto index = first + n / 2 - 1;
  auto bin = static_cast<size_t>(upper * scale_);
  if (bin >= bins() || index < begins_[bin] || index >= begins_[bin + 1])
    return (nth(index) + upper) / 2;
  auto end = some_.begin() + static_cast<ptrdiff_t>(index + 1 - begins_[bin]);
  return (*std::max_element(some_.begin(), end) + upper) / 2;
}

std::span<const double> magnitude_order::sorted(size_t first, size_t end) {
  some_.resize(std::max(some_.size(), values_.size() + 1));
  auto bins = static_cast<uint32_t>(end - first);
  auto from = static_cast<uint32_t>(first);
  // Each is written, and the place kept if it was asked for.
  size_t count = 0;
  for (size_t i = 0; i < values_.size(); ++i) {
    some_[count] = std::abs(values_[i]);
    count += bin_of_[i] - from < bins;
  }
  std::sort(some_.begin(), some_.begin() + static_cast<ptrdiff_t>(count));
  return {some_.data(), count};
}

double magnitude_order::lowest(size_t bin) const noexcept {
  return bin == 0 ? 0 : static_cast<double>(bin) / scale_ * almost_one;
}

double magnitude_order::highest(size_t bin) const noexcept {
  if (bin + 1 == bins() || scale_ == 0)
    return largest_;
  return static_cast<double>(bin + 1) / scale_ / almost_one;
}

std::span<const double> magnitude_order::squares() {
  squares_.assign(bins(), 0.0);
  for (size_t i = 0; i < values_.size(); ++i)
    squares_[bin_of_[i]] += values_[i] * values_[i];
  return squares_;
}

} // namespace qalpha
