// One training from its first or its next step to its result.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/training/training_job.hpp"
#include "runtime/training/train_observer.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace qalpha {

/// How a training is run.
struct train_run_settings {
  /// Where its state is kept; empty: nowhere.
  std::string state_file;
  /// Whether to write it: one of several processes does.
  bool writes_state = true;
  /// Of configuration and seed.
  std::string fingerprint;
  /// Whether to go on from the state.
  bool resume = false;
  /// Time between two states; one is kept after each epoch, too.
  std::chrono::milliseconds save_every{30'000};
  /// Asked before each step.
  std::function<bool()> wants_to_stop = [] { return false; };
  std::function<std::chrono::steady_clock::time_point()> now
    = std::chrono::steady_clock::now;
};

/// What came of it.
struct train_outcome {
  /// Steps that are done, those of earlier runs included.
  uint64_t steps = 0;
  /// `nullopt`: it was stopped before its end, and its state is kept.
  std::optional<training_result> result;
};

/// Steps until the job is finished, then evaluates it and removes the state.
/// @returns a fault of the job, or one naming the state file.
fallible<train_outcome>
run_training(training_job& job, const train_run_settings& settings,
             std::span<train_observer* const> observers);

} // namespace qalpha
