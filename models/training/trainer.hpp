// The loop of all trainings, a step at a time. Includes LibTorch.

#pragma once

#include "models/neural/torch.hpp"

#include "models/machine/fallible.hpp"
#include "models/training/adam.hpp"
#include "models/training/all_reduce.hpp"
#include "models/training/flat_parameters.hpp"
#include "models/training/trainer_options.hpp"
#include "models/training/training_state.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace qalpha {

/// What is trained and what it should be good at.
class training_task {
public:
  virtual ~training_task() = default;

  virtual torch::nn::Module& model() = 0;

  /// Numbers of samples to learn from and to choose weights by.
  virtual size_t training_samples() const = 0;
  virtual size_t validation_samples() const = 0;

  /// @param samples numbers below `training_samples()`
  /// @param seed of all that is random in this step
  /// @param progress share of all steps that are done, for what changes on the
  ///                 way
  /// @returns the mean loss, with its gradients.
  virtual torch::Tensor
  loss(std::span<const size_t> samples, uint64_t seed, double progress)
    = 0;

  /// @param samples numbers below `validation_samples()`
  /// @returns the mean loss; the model is in evaluation mode.
  virtual torch::Tensor validation_loss(std::span<const size_t> samples) = 0;
};

/// Trains with AdamW, a rising and falling learning rate, clipped gradients and
/// an early end; keeps the weights with the best validation loss. All that is
/// random depends on the seed and the number of the step or epoch, so that a
/// training which stops and goes on from its state has the same losses, bit for
/// bit. It seeds LibTorch's own generator for each step, which layers such as
/// dropout draw from.
///
/// Several processes take an even part of each batch. Their gradients are added
/// up, weighted with their parts: the loss curve is that of one process, as far
/// as a sample's loss depends on no other sample and nothing is dropped out.
class trainer final {
public:
  /// @param together outlives the trainer; `nullptr`: one process
  /// @pre `!check(options)`; the task outlives the trainer, has samples to
  /// learn
  ///      from, and its model is on its device
  trainer(training_task& task, const trainer_options& options,
          all_reduce* together = nullptr);

  training_length length() const noexcept;

  bool finished() const noexcept;

  /// @returns a fault if the loss or its gradients are not finite, or if
  ///          another process is gone.
  /// @pre `!finished()`
  fallible<step_report> step();

  training_state save() const;

  /// @returns a fault naming what does not fit; nothing has changed then.
  std::optional<fault> load(const training_state& state);

  /// Takes the weights with the best validation loss, and evaluation mode.
  void use_best();

  /// Infinite before the first validation.
  double best_loss() const noexcept {
    return best_loss_;
  }

private:
  size_t rank() const noexcept;
  size_t world() const noexcept;
  double learning_rate() const noexcept;
  void begin_epoch();
  std::optional<fault> find_gradient(std::span<const size_t> batch);
  std::optional<fault> end_epoch(step_report& report);
  fallible<double> validate();

  training_task& task_;
  trainer_options options_;
  all_reduce* together_;
  flat_parameters parameters_;
  adam adam_;
  uint64_t step_ = 0;
  uint64_t epoch_ = 0;
  // Samples of this epoch that were seen.
  size_t position_ = 0;
  std::vector<size_t> order_;
  // Epochs since the best validation loss.
  size_t stale_ = 0;
  double best_loss_;
  torch::Tensor best_weights_;
  torch::Tensor best_buffers_;
};

} // namespace qalpha
