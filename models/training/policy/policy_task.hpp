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

/// Learns to act as those who earned what is asked for.
class policy_task final : public training_task {
public:
  /// @param states scaled, all series behind each other, on the device
  policy_task(const policy_plan& plan, const played_parts& parts,
              const torch::Tensor& states,
              const std::vector<int64_t>& first_rows, double return_scale);

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

private:
  torch::Tensor loss_of(const replay_batch& batch);

  double return_weight_;
  std::shared_ptr<decision_transformer> model_;
  replay_buffer train_;
  replay_buffer validation_;
};

} // namespace qalpha
