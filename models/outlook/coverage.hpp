// Whether what happens keeps to the quantiles that were forecast.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace qalpha {

/// Counts between which quantiles the last outcomes fell. Of fixed size once
/// made.
class coverage_monitor {
public:
  static constexpr size_t window = 200;

  /// @param levels of the model, rising, at most 254
  explicit coverage_monitor(std::vector<double> levels);

  /// An outcome has come.
  /// @param quantiles that were forecast for it, one for each level, rising; a
  ///        forecast that is not finite is left out
  void add(std::span<const double> quantiles, double outcome);

  /// @returns how many outcomes are in the window.
  size_t size() const noexcept {
    return size_;
  }

  /// @returns which share of the outcomes was not above each quantile; a model
  ///          that is calibrated comes close to its levels. `nullopt` before
  ///          the window is full: fewer say nothing.
  std::optional<std::vector<double>> below() const;

  /// @returns which share of the outcomes was above the quantile of `low` and
  ///          not above that of `high`; `nullopt` as above, or if the model has
  ///          no such levels.
  std::optional<double> between(double low, double high) const;

private:
  std::optional<size_t> index_of(double level) const;

  std::vector<double> levels_;
  // By how many quantiles are below the outcome.
  std::vector<uint32_t> counts_;
  // A ring of the same numbers.
  std::array<uint8_t, window> ranks_{};
  size_t next_ = 0;
  size_t size_ = 0;
};

} // namespace qalpha
