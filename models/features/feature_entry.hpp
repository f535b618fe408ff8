// How a feature is documented and made.

#pragma once

#include "models/features/feature.hpp"
#include "models/machine/fallible.hpp"
#include "models/machine/parameter.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace qalpha {

/// Documents one output of a feature.
struct feature_output {
  std::string_view name;
  /// Meaning, unit and range.
  std::string_view help;
};

/// A feature and how far it reaches back.
struct made_feature {
  std::unique_ptr<feature> object;
  /// Rows before the first row at which all outputs are defined.
  size_t warm_up;
  /// Rows that one input row can touch, its own included. For a feature that
  /// never quite forgets: the rows until the weight of an input is below
  /// `forgotten_weight`.
  size_t memory;
};

/// Weight below which a recursive feature counts as having forgotten a row.
inline constexpr double forgotten_weight = 1e-6;

/// @returns the memory of `e += k * (x - e)`.
/// @pre `0 < k && k <= 1`
size_t memory_of_decay(double k) noexcept;

/// Documents one feature.
struct feature_entry {
  std::string_view name;
  /// One line: what it tells, unit.
  std::string_view help;
  /// Paper, book or library function whose definition it follows.
  std::string_view source;
  /// Columns of the market that it reads unless it is told others.
  std::span<const std::string_view> inputs;
  std::span<const parameter> parameters;
  /// A single output needs no name of its own.
  std::span<const feature_output> outputs;
  /// @param values in the order of `parameters`, each in its range
  /// @returns a fault where the combination is impossible.
  fallible<made_feature> (*make)(std::span<const double> values);
};

} // namespace qalpha
