// Windows of features with what came after them.

#pragma once

#include "models/datasets/market_rows.hpp"
#include "models/datasets/splits.hpp"
#include "models/features/feature_plan.hpp"
#include "models/features/feature_spec.hpp"
#include "models/machine/fallible.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace qalpha {

/// Which windows are wanted.
struct window_spec {
  feature_spec features;
  /// Rows that a model looks back, the present one included.
  size_t lookback = 1;
  /// Bars ahead; 0 where a model has no targets.
  size_t horizon = 0;
  /// Share of the windows after the warm-up that may be unusable, because a row
  /// is missing or a value is not defined.
  double max_unusable = 0.1;
  /// Whether opens, highs and lows are kept as well: for those who play.
  bool whole_bars = false;
};

/// Where a window is.
struct training_window {
  size_t series = 0;
  /// The present: the last row of the lookback.
  size_t row = 0;

  friend bool operator==(const training_window&, const training_window&)
    = default;
};

/// Columns of one instrument, computed once for all windows.
struct training_series {
  std::string name;
  /// Close of each bar, ms, rising.
  std::vector<double> times;
  std::vector<double> closes;
  /// Empty where whole bars were not asked for.
  std::vector<double> opens;
  std::vector<double> highs;
  std::vector<double> lows;
  /// All columns of the plan, row after row.
  std::vector<double> values;
};

/// The features of a history, as the pipeline gives them live, and the windows
/// in it: each row of a window and of its horizon is there, every value of the
/// lookback is defined. Sorted by time. Nothing is scaled here, since scales
/// belong to the windows that a model is trained on.
class training_set final {
public:
  /// @returns a fault "SERIES: ..." naming the column or the row at which times
  ///          do not rise, a column that the plan reads is not there, or too
  ///          few windows are left.
  static fallible<training_set> make(const window_spec& spec,
                                     std::span<const market_rows> history);

  const feature_plan& plan() const noexcept {
    return plan_;
  }

  const window_spec& spec() const noexcept {
    return spec_;
  }

  size_t columns() const noexcept {
    return plan_.columns.size();
  }

  /// Columns of the plan that need the time of their own bar only.
  const std::vector<size_t>& known() const noexcept {
    return known_;
  }

  std::vector<std::string> known_names() const;

  const std::vector<training_series>& series() const noexcept {
    return series_;
  }

  const std::vector<training_window>& windows() const noexcept {
    return windows_;
  }

  /// Of the names, times and values that came in; 16 hexadecimal digits.
  const std::string& data_hash() const noexcept {
    return data_hash_;
  }

  /// @returns `lookback` rows of all columns, oldest first.
  std::span<const double> past(training_window x) const noexcept;

  /// @returns all columns of one row.
  /// @pre the row is there
  std::span<const double> row(size_t series, size_t row) const noexcept;

  /// @returns the log return from the close of the window to that `ahead` bars
  ///          later.
  /// @pre `0 < ahead && ahead <= horizon`
  double target(training_window x, size_t ahead) const noexcept;

  /// @returns when a window is known and when its last target is, ms.
  sample_span span(training_window x) const noexcept;

  /// @returns the same of all windows.
  std::vector<sample_span> spans() const;

private:
  training_set() = default;

  std::optional<fault> add(const market_rows& rows);
  std::optional<fault> cut(size_t series, size_t warm_up);
  bool is_usable(size_t series, size_t row) const;

  window_spec spec_;
  feature_plan plan_;
  std::vector<size_t> known_;
  std::vector<training_series> series_;
  std::vector<training_window> windows_;
  uint64_t hash_ = 14'695'981'039'346'656'037u;
  std::string data_hash_;
};

} // namespace qalpha
