// What a model is trained on and what it is tried on, without a leak.

#pragma once

#include "models/machine/fallible.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace qalpha {

/// When a sample is known and when its label is.
struct sample_span {
  int64_t begin = 0;
  int64_t end = 0;
};

/// Numbers of samples, rising.
struct data_split {
  std::vector<size_t> train;
  std::vector<size_t> test;
};

/// Three parts in the order of time.
struct data_parts {
  std::vector<size_t> train;
  /// To choose among weights.
  std::vector<size_t> validation;
  /// Seen once, at the end.
  std::vector<size_t> test;
};

/// Which parts, and the time between them.
struct part_shares {
  double validation = 0.15;
  double test = 0.2;
  /// Between the end of one part's labels and the next part, as times are
  /// counted.
  int64_t embargo = 0;
};

/// @returns the samples whose labels are known before each block of `test`
///          begins, or that begin after its labels and the embargo.
/// @param test rising; a block is a run without a hole
/// @pre `spans` rise by `begin`
std::vector<size_t> purged_training(std::span<const sample_span> spans,
                                    std::span<const size_t> test,
                                    int64_t embargo);

/// Cuts the samples into `folds`; each test is one fold, each training the
/// folds before it, at least `least` and at most `most` of them, purged.
/// @returns a fault if a training part would be empty.
fallible<std::vector<data_split>>
walk_forward_splits(std::span<const sample_span> spans, size_t folds,
                    size_t least, size_t most, int64_t embargo = 0);

/// Each choice of `tests` among `folds` is one test, the rest purged and
/// embargoed is its training (Lopez de Prado's combinatorial scheme). Choices
/// of late folds come first.
/// @returns a fault if a training part would be empty.
fallible<std::vector<data_split>>
combinatorial_splits(std::span<const sample_span> spans, size_t folds,
                     size_t tests, int64_t embargo);

/// @returns at most `most` of all, evenly chosen and in their order.
std::vector<size_t> even_choice(std::span<const size_t> all, size_t most);

/// Cuts by time, each part purged of what overlaps the next one.
/// @returns a fault if a part would be empty.
fallible<data_parts> part_samples(std::span<const sample_span> spans,
                                  const part_shares& shares);

} // namespace qalpha
