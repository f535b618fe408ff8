// How a model is trained, without LibTorch.

#pragma once

#include "models/machine/fallible.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace qalpha {

/// What all trainings have in common.
struct trainer_options {
  uint64_t seed = 1;
  size_t epochs = 10;
  /// Samples of all processes in a step.
  size_t batch = 64;
  double learning_rate = 1e-3;
  /// Share of all steps in which the learning rate rises.
  double warm_up = 0.05;
  /// Pull to zero of weights that are neither biases nor of norms.
  double weight_decay = 1e-2;
  /// Longest gradient; longer ones are made so long.
  double clip = 1;
  /// Epochs without a better validation loss, after which training ends.
  size_t patience = 5;
  /// Whether to use a GPU.
  bool gpu = false;
  /// Half precision where the device is a GPU; on others without effect.
  bool mixed_precision = false;
};

/// Seeds have to pass through files as numbers.
inline constexpr uint64_t largest_seed = 1ULL << 53;

/// @returns a fault naming what is out of range.
std::optional<fault> check(const trainer_options& options);

} // namespace qalpha
