// Features of bars that have not happened: those that only need the time.

#pragma once

#include "models/features/pipeline.hpp"
#include "models/machine/fallible.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace qalpha {

/// Computes some columns of a plan for the bars ahead.
class known_columns {
public:
  /// @param names columns of the plan of `spec`
  /// @returns a fault naming a column that does not exist, or that needs more
  ///          than the time of its own bar.
  static fallible<known_columns> make(const feature_spec& spec,
                                      const std::vector<std::string>& names,
                                      size_t horizon);

  /// @param close_ms close of the last bar, milliseconds UTC
  /// @returns `horizon` rows of one value a name, next bar first; valid until
  ///          the next call.
  std::span<const double> ahead(int64_t close_ms);

private:
  known_columns(feature_plan plan, std::vector<size_t> places, size_t horizon);

  feature_pipeline pipeline_;
  // Of each name among the columns of the plan.
  std::vector<size_t> places_;
  size_t horizon_;
  double interval_ms_;
  std::vector<double> times_;
  std::vector<double> columns_;
  std::vector<double> rows_;
};

} // namespace qalpha
