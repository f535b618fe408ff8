// How a model is trained, without LibTorch.

#pragma once

#include "models/machine/fallible.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

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
inline std::optional<fault> check(const trainer_options& options) {
  auto wrong = [](const std::string& what, const std::string& expected) {
    return fault{what + ": expected " + expected};
  };
  if (options.seed > largest_seed)
    return wrong("seed", "at most 2^53");
  if (options.epochs == 0 || options.epochs > 100'000)
    return wrong("epochs", "1 to 100000");
  if (options.batch == 0 || options.batch > 1'000'000)
    return wrong("batch", "1 to 1000000");
  if (!(options.learning_rate > 0 && options.learning_rate <= 1))
    return wrong("learning_rate", "a number above 0, at most 1");
  if (!(options.warm_up >= 0 && options.warm_up < 1))
    return wrong("warm_up", "0 to 1, without 1");
  if (!(options.weight_decay >= 0 && options.weight_decay <= 1))
    return wrong("weight_decay", "0 to 1");
  if (!(options.clip > 0 && options.clip <= 1e6))
    return wrong("clip", "a number above 0, at most 1e6");
  if (options.patience == 0)
    return wrong("patience", "at least 1");
  return std::nullopt;
}

} // namespace qalpha
