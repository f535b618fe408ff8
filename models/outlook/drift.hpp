// Whether what comes in still looks like what a model was trained on.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace qalpha {

inline constexpr size_t drift_bins = 10;

/// The training values of one column in ten parts.
struct column_bins {
  /// Rising, possibly equal where one value is frequent. A value belongs to the
  /// first bin whose edge is not below it, or to the last one.
  std::array<double, drift_bins - 1> edges{};
  /// Of the training values in each bin, sum 1: tenths, unless values are
  /// equal.
  std::array<double, drift_bins> shares{};

  friend bool operator==(const column_bins&, const column_bins&) = default;
};

/// @returns the deciles of the values that are defined, or `nullopt` if there
///          is none.
std::optional<column_bins> make_bins(std::span<const double> training);

/// @returns the bin of a value.
size_t bin_of(const column_bins& bins, double value) noexcept;

/// Population stability index: sum of (a - e) ln(a / e) over the bins, where a
/// share below 1e-4 counts as 1e-4. Around 0.1 is some drift, from 0.25 on the
/// model knows another world.
/// @param counts of the values seen, at least one
double stability_index(const column_bins& bins,
                       std::span<const uint32_t, drift_bins> counts) noexcept;

/// The index of each column over its last values. Of fixed size once made.
class drift_monitor {
public:
  static constexpr size_t window = 500;

  /// @param bins one for each column of the plan
  explicit drift_monitor(std::vector<column_bins> bins);

  /// @param row one value for each column; one that is not finite is left out
  /// @pre as many as there are bins
  void add(std::span<const double> row);

  /// The column that drifted most.
  struct worst_column {
    size_t column = 0;
    double index = 0;

    friend bool operator==(const worst_column&, const worst_column&) = default;
  };

  /// @returns `nullopt` before a column has a full window of values: fewer say
  ///          nothing.
  std::optional<worst_column> worst() const;

private:
  struct column_state {
    // A ring of the bins of the last values.
    std::array<uint8_t, window> bins{};
    std::array<uint32_t, drift_bins> counts{};
    size_t next = 0;
    size_t size = 0;
  };

  std::vector<column_bins> bins_;
  std::vector<column_state> columns_;
};

} // namespace qalpha
