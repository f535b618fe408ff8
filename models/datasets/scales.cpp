#include "models/datasets/scales.hpp"

#include <cmath>

namespace qalpha {

namespace {

/// Mean and deviation of a stream of values (Welford).
class moments_so_far {
public:
  void add(double x) noexcept {
    ++count_;
    auto away = x - mean_;
    mean_ += away / count_;
    squares_ += away * (x - mean_);
  }

  /// A column that does not vary says nothing and is only centred.
  column_scale scale() const noexcept {
    if (count_ == 0)
      return {};
    auto deviation = std::sqrt(squares_ / count_);
    auto varies = deviation > 1e-12 * (1 + std::abs(mean_));
    return {mean_, varies ? deviation : 1};
  }

private:
  double count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

} // namespace

training_scales fit_scales(const training_set& set,
                           std::span<const size_t> windows) {
  std::vector<std::vector<bool>> seen;
  for (const auto& one : set.series())
    seen.emplace_back(one.times.size());
  std::vector<moments_so_far> columns(set.columns());
  std::vector<moments_so_far> targets(set.series().size());
  for (auto number : windows) {
    auto window = set.windows()[number];
    for (size_t ahead = 1; ahead <= set.spec().horizon; ++ahead)
      targets[window.series].add(set.target(window, ahead));
    for (size_t back = 0; back < set.spec().lookback; ++back)
      seen[window.series][window.row - back] = true;
  }
  for (size_t series = 0; series < seen.size(); ++series)
    for (size_t row = 0; row < seen[series].size(); ++row) {
      if (!seen[series][row])
        continue;
      auto values = set.row(series, row);
      for (size_t j = 0; j < values.size(); ++j)
        columns[j].add(values[j]);
    }
  training_scales result;
  for (const auto& column : columns)
    result.columns.push_back(column.scale());
  for (const auto& target : targets)
    result.targets.push_back(target.scale());
  return result;
}

} // namespace qalpha
