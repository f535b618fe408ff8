#include "models/features/wavelet/magnitudes.hpp"

#include <algorithm>
#include <cmath>

namespace qalpha {

namespace {

// Bins reach to so many times the mean; of noise, one value in 700 is beyond.
constexpr double bins_in_means = 4;

// More in one bin are not left to the last pass.
constexpr uint32_t crowd = 24;

// Moves each value to its place, from where it is near already.
void sort_nearly_sorted(std::vector<double>& x, size_t size) {
  for (size_t i = 1; i < size; ++i) {
    auto value = x[i];
    auto j = i;
    for (; j > 0 && x[j - 1] > value; --j)
      x[j] = x[j - 1];
    x[j] = value;
  }
}

} // namespace

void magnitude_order::look_at(std::span<const double> values) {
  values_ = values;
  count();
}

void magnitude_order::count() {
  auto n = values_.size();
  double part[4] = {};
  uint32_t zeros[4] = {};
  for (size_t i = 0; i < n; ++i) {
    part[i % 4] += std::abs(values_[i]);
    zeros[i % 4] += values_[i] == 0;
  }
  zeros_ = zeros[0] + zeros[1] + zeros[2] + zeros[3];
  auto mean = (part[0] + part[1] + part[2] + part[3]) / static_cast<double>(n);
  auto bins = std::max<size_t>(n / 2, 8);
  auto scale = static_cast<double>(bins) / (bins_in_means * mean);
  // Too small or too large to divide by: all in one bin.
  if (!std::isfinite(scale))
    scale = 0;
  bin_of_.resize(std::max(bin_of_.size(), n));
  auto last = static_cast<double>(bins - 1);
  for (size_t i = 0; i < n; ++i) {
    auto bin = std::min(std::abs(values_[i]) * scale, last);
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
  one_bin_.clear();
  for (size_t i = 0; i < values_.size(); ++i)
    if (bin_of_[i] == bin)
      one_bin_.push_back(std::abs(values_[i]));
  auto at = one_bin_.begin() + static_cast<ptrdiff_t>(index - begins_[bin]);
  std::nth_element(one_bin_.begin(), at, one_bin_.end());
  return *at;
}

double magnitude_order::median(bool leave_out_zeros) {
  auto first = leave_out_zeros ? zeros_ : 0;
  auto n = values_.size() - first;
  if (n == 0)
    return 0;
  auto upper = nth(first + n / 2);
  return n % 2 == 1 ? upper : (nth(first + n / 2 - 1) + upper) / 2;
}

std::span<const double> magnitude_order::sorted() {
  auto n = values_.size();
  sorted_.resize(std::max(sorted_.size(), n));
  next_.assign(begins_.begin(), begins_.end() - 1);
  for (size_t i = 0; i < n; ++i)
    sorted_[next_[bin_of_[i]]++] = std::abs(values_[i]);
  auto at = sorted_.begin();
  for (size_t bin = 0; bin < next_.size(); ++bin)
    if (next_[bin] - begins_[bin] > crowd)
      std::sort(at + begins_[bin], at + next_[bin]);
  sort_nearly_sorted(sorted_, n);
  return {sorted_.data(), n};
}

} // namespace qalpha
