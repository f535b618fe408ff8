// How little a price has to be differenced to become stationary.

#pragma once

#include "models/features/fracdiff/unit_root.hpp"

#include <vector>

namespace qalpha {

struct order_search {
  /// Orders 0, step, 2 * step, ... 1 are tried.
  double step = 0.05;
  /// Of the weights, see `fracdiff_weights`.
  double threshold = 1e-4;
  adf_options test;
  /// p-value below which a series counts as stationary.
  double level = 0.05;
  /// All higher orders have to be stationary too: the p-value does not fall
  /// steadily, and what bisection finds depends on where it looks.
  bool and_all_higher = true;
};

/// One order that was tried.
struct tried_order {
  double d;
  /// Rows that one value is made of.
  size_t window;
  /// Of the difference with the logarithm itself, on the rows that have both.
  double correlation;
  /// None if the column is too short for the window or the test.
  std::optional<adf_result> test;
};

struct order_found {
  std::vector<tried_order> tried;
  /// Index of the smallest that is stationary.
  std::optional<size_t> smallest;

  /// Correlation below which little of the level is left; worth a warning.
  static constexpr double enough_correlation = 0.9;

  bool keeps_the_level() const noexcept {
    return smallest && tried[*smallest].correlation >= enough_correlation;
  }
};

/// @returns how López de Prado (2018, 5.6) searches: tenths, one lag, the
///          smallest that passes.
order_search search_of_the_book();

/// Tries each order of the grid. The rows are those of a training set: the
/// order is fitted when a model is trained and kept until the next time.
/// @returns a fault if a value is not finite or an option out of range.
fallible<order_found> find_smallest_order(std::span<const double> logs,
                                          const order_search& search = {});

} // namespace qalpha
