// Where a training is, as values.

#pragma once

#include "models/checkpoints/checkpoint.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// All that a training needs to go on as if it had never stopped, beside its
/// data and options.
struct training_state {
  std::map<std::string, double> figures;
  std::vector<tensor_values> tensors;
};

/// What one optimiser step did.
struct step_report {
  /// Steps that are done, this one included.
  uint64_t step = 0;
  /// From 0.
  uint64_t epoch = 0;
  /// Mean of the batch, before the step.
  double loss = 0;
  /// Before it was clipped.
  double gradient_norm = 0;
  double learning_rate = 0;
  /// After the last step of an epoch.
  std::optional<double> validation_loss;
  /// The best one so far.
  bool improved = false;
};

/// How long a training is if it does not stop early.
struct training_length {
  uint64_t epochs = 0;
  uint64_t steps = 0;
  uint64_t samples = 0;
};

} // namespace qalpha
