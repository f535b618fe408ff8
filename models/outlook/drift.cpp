#include "models/outlook/drift.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace qalpha {

namespace {

// A bin that nobody is in would make the index infinite.
constexpr double smallest_share = 1e-4;

} // namespace

std::optional<column_bins> make_bins(std::span<const double> training) {
  std::vector<double> sorted;
  for (auto x : training)
    if (std::isfinite(x))
      sorted.push_back(x);
  if (sorted.empty())
    return std::nullopt;
  std::sort(sorted.begin(), sorted.end());
  auto count = sorted.size();
  column_bins result;
  // The smallest value that has at least k tenths of all at or below it.
  for (size_t k = 1; k < drift_bins; ++k)
    result.edges[k - 1] = sorted[(k * count + drift_bins - 1) / drift_bins - 1];
  for (auto x : sorted)
    ++result.shares[bin_of(result, x)];
  for (auto& share : result.shares)
    share /= static_cast<double>(count);
  return result;
}

size_t bin_of(const column_bins& bins, double value) noexcept {
  return static_cast<size_t>(
    std::lower_bound(bins.edges.begin(), bins.edges.end(), value)
    - bins.edges.begin());
}

double stability_index(const column_bins& bins,
                       std::span<const uint32_t, drift_bins> counts) noexcept {
  auto all = std::accumulate(counts.begin(), counts.end(), 0.0);
  double result = 0;
  for (size_t i = 0; i < drift_bins; ++i) {
    auto expected = std::max(bins.shares[i], smallest_share);
    auto actual = std::max(counts[i] / all, smallest_share);
    result += (actual - expected) * std::log(actual / expected);
  }
  return result;
}

drift_monitor::drift_monitor(std::vector<column_bins> bins)
  : bins_(std::move(bins)), columns_(bins_.size()) {
  // nop
}

void drift_monitor::add(std::span<const double> row) {
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (!std::isfinite(row[i]))
      continue;
    auto& column = columns_[i];
    auto& place = column.bins[column.next];
    if (column.size == window)
      --column.counts[place];
    else
      ++column.size;
    place = static_cast<uint8_t>(bin_of(bins_[i], row[i]));
    ++column.counts[place];
    column.next = (column.next + 1) % window;
  }
}

std::optional<drift_monitor::worst_column> drift_monitor::worst() const {
  std::optional<worst_column> result;
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].size < window)
      continue;
    auto index = stability_index(bins_[i], columns_[i].counts);
    if (!result || index > result->index)
      result = worst_column{i, index};
  }
  return result;
}

} // namespace qalpha
