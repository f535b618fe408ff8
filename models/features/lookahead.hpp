// Proof that a pipeline does not look ahead.

#pragma once

#include "models/features/feature_plan.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace qalpha {

/// A column that knew the future.
struct lookahead_finding {
  std::string column;
  /// The value of this row depends on a row after it.
  size_t row;
  double with_future;
  double without_future;
};

/// Computes the columns of `sources` as a whole and again as if the rows ended
/// earlier, at `cuts` places. A value that differs used a row after its own.
/// @param sources one array of `rows` for each of the plan's sources
/// @returns the first finding for each column that has one; a column that only
///          reads such a column is named, too.
std::vector<lookahead_finding> find_lookahead(const feature_plan& plan,
                                              const double* const* sources,
                                              size_t rows, size_t cuts = 32);

} // namespace qalpha
