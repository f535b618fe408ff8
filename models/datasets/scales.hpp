// Means and deviations of what a model is trained on.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/datasets/training_set.hpp"

#include <span>
#include <vector>

namespace qalpha {

/// Scales of the training part of a set.
struct training_scales {
  /// One a column of the plan: of all rows that some window looks back on, each
  /// counted once.
  std::vector<column_scale> columns;
  /// One a series: of its targets at all distances; the identity for a series
  /// without windows or a set without targets.
  std::vector<column_scale> targets;
};

/// @param windows numbers of the windows that are trained on: nothing after the
///                last target of the last one has a part in the result
training_scales fit_scales(const training_set& set,
                           std::span<const size_t> windows);

} // namespace qalpha
