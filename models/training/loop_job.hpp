// What trainings of all models have in common. Includes LibTorch.

#pragma once

#include "models/neural/torch.hpp"

#include "models/datasets/scales.hpp"
#include "models/datasets/training_set.hpp"
#include "models/training/trainer.hpp"
#include "models/training/training_job.hpp"

#include <memory>
#include <utility>

namespace qalpha {

/// Steps of a trainer as steps of a job.
class loop_job : public training_job {
public:
  /// @param together may be empty
  loop_job(std::unique_ptr<training_task> task, const trainer_options& options,
           std::shared_ptr<all_reduce> together)
    : task_(std::move(task)), together_(std::move(together)),
      loop_(*task_, options, together_.get()) {
    // nop
  }

  training_length length() const noexcept override {
    return loop_.length();
  }

  bool finished() const noexcept override {
    return loop_.finished();
  }

  fallible<step_report> step() override;

  training_state save() const override {
    return loop_.save();
  }

  std::optional<fault> load(const training_state& state) override {
    return loop_.load(state);
  }

  std::vector<tensor_values> weights() const override;

  fallible<training_view> view() override;

  fallible<training_result> finish() override;

protected:
  /// Finds out what the trained model is worth, which has its best weights,
  /// and completes the checkpoint, which has them, too.
  virtual std::optional<fault> evaluate(training_result& into) = 0;

  /// `view`, with the model in evaluation mode and without gradients.
  virtual fallible<training_view> look() {
    return training_view{};
  }

private:
  std::unique_ptr<training_task> task_;
  std::shared_ptr<all_reduce> together_;

protected:
  trainer loop_;
};

/// @returns where to compute, or a fault if there is no GPU although one is
///          asked for.
fallible<torch::Device> device_of(const trainer_options& options);

/// Writes into a manifest what the data say.
void describe(const training_set& set, const std::vector<column_scale>& scales,
              uint64_t seed, manifest& about);

/// @returns all rows of all series, one series after the other, scaled, in
///          single precision; `[rows, columns]`.
torch::Tensor scaled_rows(const training_set& set,
                          const std::vector<column_scale>& scales);

/// @returns the first row of each series in `scaled_rows`.
std::vector<int64_t> first_rows(const training_set& set);

} // namespace qalpha
