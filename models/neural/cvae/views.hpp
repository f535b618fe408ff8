// Two looks at the same window, which a model should find alike.

#pragma once

#include "models/neural/torch.hpp"

namespace qalpha {

/// How a view may differ from the row.
struct view_settings {
  /// It may be that of up to so many rows earlier, never of a later one.
  int64_t largest_shift = 3;
  /// Deviation of normal noise on each column, whose own deviation is one.
  double jitter = 0.05;
  /// Share of columns that are replaced by their mean.
  double masked = 0.1;
  /// The whole row is multiplied by 1 - `stretch` to 1 + `stretch`.
  double stretch = 0.1;
};

/// Makes a view of each wanted row. Equal seeds make equal views.
/// @param rows scaled, in the order of time; [N, columns]
/// @param wanted indexes of rows; [B], whole
/// @param first for each of them the row where its stretch of the series
///              begins, which no shift goes beyond; [B], whole
/// @param generator of the same device as the rows
torch::Tensor make_views(const torch::Tensor& rows, const torch::Tensor& wanted,
                         const torch::Tensor& first,
                         const view_settings& settings,
                         at::Generator generator);

} // namespace qalpha
