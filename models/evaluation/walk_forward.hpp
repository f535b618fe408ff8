// Which part of a history a model learns from, and which part it is judged by.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/time.hpp"

#include <vector>

namespace qalpha {

/// Lengths of the parts.
struct walk_forward_lengths {
  /// Of the first training.
  timespan first_training{0};
  /// Of what follows each training.
  timespan test{0};
  /// Between a training and its test. All that a training sees ends before it,
  /// labels included, so this is for features that look far back.
  timespan embargo{0};
  /// Of the longest training; zero: all of the past.
  timespan longest_training{0};
};

/// Half-open intervals, one after the other.
struct walk_forward_fold {
  utc_time train_from;
  /// Nothing that became known later has a part in the training.
  utc_time train_until;
  utc_time test_from;
  utc_time test_until;

  friend bool operator==(const walk_forward_fold&, const walk_forward_fold&)
    = default;
};

/// Tests follow each other without a hole up to `until`; a rest shorter than
/// half of a test belongs to the last one.
/// @returns a fault if there is no room for one test, or for more than 1 000.
fallible<std::vector<walk_forward_fold>>
plan_folds(utc_time from, utc_time until, const walk_forward_lengths& lengths);

} // namespace qalpha
