#include "models/outlook/coverage.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace qalpha {

coverage_monitor::coverage_monitor(std::vector<double> levels)
  : levels_(std::move(levels)), counts_(levels_.size() + 1) {
  // nop
}

void coverage_monitor::add(std::span<const double> quantiles, double outcome) {
  auto is_known = quantiles.size() == levels_.size() && std::isfinite(outcome)
                  && std::all_of(quantiles.begin(), quantiles.end(),
                                 [](double x) { return std::isfinite(x); });
  if (!is_known)
    return;
  auto& place = ranks_[next_];
  if (size_ == window)
    --counts_[place];
  else
    ++size_;
  place = static_cast<uint8_t>(
    std::lower_bound(quantiles.begin(), quantiles.end(), outcome)
    - quantiles.begin());
  ++counts_[place];
  next_ = (next_ + 1) % window;
}

std::optional<std::vector<double>> coverage_monitor::below() const {
  if (size_ < window)
    return std::nullopt;
  std::vector<double> result;
  uint32_t sum = 0;
  for (size_t i = 0; i < levels_.size(); ++i) {
    sum += counts_[i];
    result.push_back(static_cast<double>(sum) / window);
  }
  return result;
}

std::optional<double> coverage_monitor::between(double low, double high) const {
  auto shares = below();
  auto first = index_of(low);
  auto last = index_of(high);
  if (!shares || !first || !last)
    return std::nullopt;
  return (*shares)[*last] - (*shares)[*first];
}

std::optional<size_t> coverage_monitor::index_of(double level) const {
  for (size_t i = 0; i < levels_.size(); ++i)
    if (std::abs(levels_[i] - level) < 1e-9)
      return i;
  return std::nullopt;
}

} // namespace qalpha
