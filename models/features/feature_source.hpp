// Where a strategy has its features from.

#pragma once

#include "models/features/market_columns.hpp"
#include "models/features/pipeline.hpp"
#include "models/machine/fallible.hpp"
#include "models/market/bar.hpp"
#include "models/market/bar_context.hpp"
#include "models/market/instrument.hpp"

#include <array>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace qalpha {

/// Gives the features of one symbol, bar by bar. All sources of one plan give
/// the same bits.
class feature_source {
public:
  virtual ~feature_source() = default;

  /// Takes the next closed bar, in rising order of time, and what is known
  /// around it. What the source does not compute from these it looks up.
  /// @returns one value for each column of the plan, `undefined` where there is
  ///          none; valid until the next call.
  virtual std::span<const double>
  next(const bar& closed, const bar_context& around) = 0;
};

/// Columns of a known history by their index in `market_columns`: one value for
/// each bar, `undefined` where there is none, or nothing at all.
using history_columns = std::array<std::vector<double>, market_columns.size()>;

/// @returns whether a bar has the column by itself.
bool is_of_bar(size_t column) noexcept;

/// @returns the columns that a plan reads and a bar does not have, by their
///          index.
std::vector<size_t> columns_beside_bars(const feature_plan& plan);

/// Bars and what is known beside them.
struct known_history {
  const std::vector<bar>& bars;
  /// Has all `columns_beside_bars` of the plan.
  const history_columns& columns;
};

/// Computes each row when its bar is there: live.
std::unique_ptr<feature_source> stream_features(const feature_plan& plan,
                                                const instrument& rules);

/// As `stream_features`, with the columns of a history instead of what is said
/// to be known around a bar: backtests.
/// @pre `history` outlives the source and holds the bars that `next` will be
///      given
std::unique_ptr<feature_source> stream_features(const feature_plan& plan,
                                                const instrument& rules,
                                                const known_history& history);

/// Gives the same rows as `stream_features`, but computes many at a time, which
/// is faster: backtests.
/// @pre as for `stream_features`
std::unique_ptr<feature_source> batch_features(const feature_plan& plan,
                                               const instrument& rules,
                                               const known_history& history);

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
