// Columns of figures over the bars of a file.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/bar.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// One figure that a person can ask for.
struct bar_feature {
  std::string_view name;
  std::string_view help;
  /// Computes the value at each bar from that bar and the ones before it, or
  /// `nullopt` while there are too few. Prices count 1e-8.
  std::vector<std::optional<double>> (*compute)(std::span<const bar> bars,
                                                size_t length);
};

/// @returns all figures, sorted by name.
std::span<const bar_feature> bar_features();

/// A figure and the number of bars it looks at.
struct feature_choice {
  const bar_feature* feature = nullptr;
  size_t length = 0;

  /// @returns the name of the column, for example "sma_20".
  std::string column() const;
};

/// Reads a list such as "sma:20,highest:50".
/// @returns a fault naming what is unknown or out of range.
fallible<std::vector<feature_choice>> parse_features(std::string_view spec);

} // namespace qalpha
