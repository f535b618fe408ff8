// What a decision transformer learns from trajectories. Includes LibTorch.

#pragma once

#include "models/neural/torch.hpp"

#include "models/training/policy/policy_plan.hpp"
#include "models/training/policy/replay_buffer.hpp"
#include "models/training/trainer.hpp"

#include <memory>
#include <span>
#include <vector>

namespace qalpha {

/// Trajectories by part, in the order of time.
struct played_parts {
  std::vector<trajectory> train;
  std::vector<trajectory> validation;
  std::vector<trajectory> test;
  /// Where the episodes of the test are.
  std::vector<episode_place> test_places;
};

/// Learns to act as those who earned what is asked for. Each entry of an action
/// counts by its variance in the training part: a model that always says the
/// mean loses 1 by each, and none drowns another.
class policy_task final : public training_task {
public:
  /// @param states scaled, all series behind each other, on the device
  policy_task(const policy_plan& plan, const played_parts& parts,
              const torch::Tensor& states,
              const std::vector<int64_t>& first_rows,
              const policy_figures& figures);

  torch::nn::Module& model() override {
    return *model_;
  }

  decision_transformer& transformer() noexcept {
    return *model_;
  }

  size_t training_samples() const override {
    return train_.samples();
  }

  size_t validation_samples() const override {
    return validation_.samples();
  }

  torch::Tensor loss(std::span<const size_t> samples, uint64_t seed,
                     double progress) override;

  torch::Tensor validation_loss(std::span<const size_t> samples) override;

  /// @returns the mean squared error of each entry of an action over the
  ///          validation part, divided by its variance in the training part.
  /// @pre the model is in evaluation mode, without gradients
  std::vector<double> action_errors(size_t batch);

private:
  torch::Tensor loss_of(const replay_batch& batch);

  double return_weight_;
  std::shared_ptr<decision_transformer> model_;
  replay_buffer train_;
  replay_buffer validation_;
  // One over the variance of each entry.
  torch::Tensor weights_;
};

} // namespace qalpha
