// All features of a specification, computed together.

#pragma once

#include "models/features/feature_plan.hpp"
#include "models/features/row_gate.hpp"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace qalpha {

/// Computes the columns of a plan for one symbol. Live, in a backtest and for
/// training it is the same object: rows may come one by one or all at once, the
/// columns are the same bits.
///
/// A cell is undefined while its feature warms up, where it has no value, and
/// while it is dirty: a row that is missing or wrong makes all features that
/// read it dirty until they have forgotten it. Missing bars are taken as flat;
/// after a gap that every feature forgets, or a step that is no multiple of the
/// interval, all begin anew.
class feature_pipeline {
public:
  explicit feature_pipeline(feature_plan plan);

  const feature_plan& plan() const noexcept {
    return plan_;
  }

  /// Rows before the first row at which all columns are defined, if nothing is
  /// dirty.
  size_t warm_up() const noexcept {
    return warm_up_;
  }

  /// Takes the next rows, in rising order of time; a row that is not later than
  /// the one before it is left out, its cells undefined.
  /// @param sources one array of `rows` for each of `plan().sources`
  /// @param columns one array of `rows` for each of `plan().columns`
  void update(const double* const* sources, double* const* columns,
              size_t rows);

  /// Whether all columns of the last row are defined.
  bool ready() const noexcept {
    return ready_;
  }

  /// Begins anew.
  void reset();

private:
  // A feature at work.
  struct worker {
    std::unique_ptr<feature> object;
    size_t memory;
    bool started = false;
    // Rows for which it stays dirty.
    size_t dirty_left = 0;
    // Last defined value of each input.
    std::vector<double> held;
    std::vector<uint8_t> dirty;
    bool any_dirty = false;
  };

  // What a worker reads in one tile.
  struct tile {
    std::span<const clean_column> sources;
    double* const* columns;
    size_t rows;
  };

  void find_warm_up(const std::vector<size_t>& own);
  void run_tile(const tile& now);
  void run_step(size_t index, const tile& now);
  void bind_inputs(size_t index, const tile& now);
  size_t first_defined(size_t rows) const;
  void find_dirt(worker& who, size_t begin, size_t rows);
  void hold_inputs(size_t index, size_t begin, size_t rows);
  void spread_dirt(worker& who, size_t begin, size_t rows);
  void pass_gap(double from, double steps);

  feature_plan plan_;
  double interval_;
  size_t time_source_;
  size_t warm_up_ = 0;
  size_t longest_memory_ = 0;
  row_gate gate_;
  std::vector<worker> workers_;
  std::optional<double> last_time_;
  bool ready_ = false;
  // Which worker writes a column.
  std::vector<size_t> owners_;
  // Of the step at hand.
  std::span<const double*> inputs_;
  std::vector<const double*> input_places_;
  std::vector<const uint8_t*> input_dirt_;
  std::vector<double*> outputs_;
  std::vector<double> scratch_;
  // Columns of bars that are missing.
  std::vector<double> nowhere_;
};

} // namespace qalpha
