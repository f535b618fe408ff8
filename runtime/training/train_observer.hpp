// Who is told how a training goes.

#pragma once

#include "models/training/training_job.hpp"

#include <string>

namespace qalpha {

/// Hears of each step. All functions do nothing unless they are overridden.
class train_observer {
public:
  virtual ~train_observer() = default;

  /// @param step of the first step that follows
  virtual void on_begin(const training_length& length, uint64_t step) {
    static_cast<void>(length);
    static_cast<void>(step);
  }

  virtual void on_step(const step_report& report) {
    static_cast<void>(report);
  }

  /// After an epoch, with the weights that it left.
  virtual void on_epoch(const step_report& report, training_job& job) {
    static_cast<void>(report);
    static_cast<void>(job);
  }

  virtual void on_result(const training_result& result) {
    static_cast<void>(result);
  }
};

} // namespace qalpha
