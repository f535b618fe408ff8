// What a program with LibTorch can do beyond one without.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/training/all_reduce.hpp"
#include "models/training/forecast/forecast_plan.hpp"
#include "models/training/policy/policy_plan.hpp"
#include "models/training/regimes/regime_plan.hpp"
#include "models/training/training_job.hpp"
#include "runtime/outlook/model_loading.hpp"
#include "runtime/training/train_observer.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace qalpha {

/// One process among several that train a model together.
struct process_place {
  size_t rank = 0;
  size_t world = 1;
  /// Where they find each other: a file that all of them see, or
  /// "tcp://HOST:PORT" of the first one.
  std::string meeting;
  /// Address of this machine that the others reach.
  std::string address = "127.0.0.1";
  std::chrono::seconds patience{60};
};

/// Functions of `qalpha-neural`, which links LibTorch; `qalpha` has none of
/// them, so that its commands start at once.
struct neural_support {
  model_loaders load;
  /// Multiplies matrices for about a millisecond.
  /// @returns the number of operations
  int64_t (*multiply_matrices)();
  /// Threads for the calculations of one model.
  void (*use_threads)(int count);
  /// For a process that only trains, which makes and drops large tensors all
  /// the time: memory that went back to the system after each of them costs a
  /// third of the time in page faults.
  void (*keep_memory)();
  fallible<std::shared_ptr<all_reduce>> (*join)(const process_place& place);
  /// Writes what TensorBoard shows to a directory.
  fallible<std::unique_ptr<train_observer>> (*watch)(
    const std::string& directory);
  fallible<std::unique_ptr<training_job>> (*train_forecast)(
    const forecast_plan& plan, std::span<const market_rows> history,
    std::shared_ptr<all_reduce> together);
  fallible<std::unique_ptr<training_job>> (*train_regimes)(
    const regime_plan& plan, std::span<const market_rows> history,
    std::span<const regime> truth, std::shared_ptr<all_reduce> together);
  fallible<std::unique_ptr<training_job>> (*train_policy)(
    const policy_plan& plan, std::span<const market_rows> history,
    std::shared_ptr<all_reduce> together);
};

} // namespace qalpha
