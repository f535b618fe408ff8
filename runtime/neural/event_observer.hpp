// A training as TensorBoard shows it.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/training/train_observer.hpp"

#include <memory>
#include <string>

namespace qalpha {

/// Writes losses, gradients, learning rate, weights, pictures and results to a
/// file of events:
///
///     tensorboard --logdir DIRECTORY
///
/// What a full disk does not take is missing there and nowhere else.
/// @returns a fault if there can be no such file.
fallible<std::unique_ptr<train_observer>>
watch_training(const std::string& directory);

} // namespace qalpha
