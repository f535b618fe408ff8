// Where a strategy has its features from.

#pragma once

#include "models/features/pipeline.hpp"
#include "models/machine/fallible.hpp"
#include "models/market/bar.hpp"
#include "models/market/instrument.hpp"

#include <memory>
#include <span>
#include <vector>

namespace qalpha {

/// Gives the features of one symbol, bar by bar. All sources of one plan give
/// the same bits.
class feature_source {
public:
  virtual ~feature_source() = default;

  /// Takes the next closed bar, in rising order of time.
  /// @returns one value for each column of the plan, `undefined` where there is
  ///          none; valid until the next call.
  virtual std::span<const double> next(const bar& closed) = 0;
};

/// @returns a fault naming a column that a bar does not have.
std::optional<fault> check_bar_columns(const feature_plan& plan);

/// Computes each row when its bar is there: live.
/// @pre `check_bar_columns` finds nothing
std::unique_ptr<feature_source> stream_features(const feature_plan& plan,
                                                const instrument& rules);

/// Computes many rows of a known history at a time, which is faster: backtests.
/// @pre `check_bar_columns` finds nothing; `history` outlives the source and
///      holds the bars that `next` will be given
std::unique_ptr<feature_source> batch_features(const feature_plan& plan,
                                               const instrument& rules,
                                               const std::vector<bar>& history);

/// Rows that were computed before and, for example, kept in a file.
struct feature_table {
  /// Open of each bar, rising.
  std::vector<utc_time> times;
  /// One vector for each column of the plan.
  std::vector<std::vector<double>> columns;
};

/// Finds rows by the open of their bar; a row that is missing is undefined.
/// @pre all vectors have the same length; `table` outlives the source
std::unique_ptr<feature_source> table_features(const feature_table& table);

} // namespace qalpha
