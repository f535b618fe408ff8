// Batches of views for a contrastive autoencoder. Includes LibTorch.

#pragma once

#include "models/neural/torch.hpp"

#include "models/datasets/splits.hpp"
#include "models/datasets/training_set.hpp"
#include "models/neural/cvae/contrastive_vae.hpp"
#include "models/neural/cvae/views.hpp"
#include "models/outlook/regimes/points.hpp"
#include "models/training/regimes/regime_plan.hpp"
#include "models/training/trainer.hpp"

#include <memory>
#include <span>
#include <vector>

namespace qalpha {

/// Makes two views of each row of a batch and compares what the model makes of
/// them.
class regime_task final : public training_task {
public:
  /// @param rows scaled, all series behind each other, on the device
  regime_task(const regime_plan& plan, const training_set& set,
              data_parts parts, torch::Tensor rows);

  torch::nn::Module& model() override {
    return *model_;
  }

  const data_parts& parts() const noexcept {
    return parts_;
  }

  size_t training_samples() const override {
    return parts_.train.size();
  }

  size_t validation_samples() const override {
    return parts_.validation.size();
  }

  torch::Tensor loss(std::span<const size_t> samples, uint64_t seed,
                     double progress) override;

  torch::Tensor validation_loss(std::span<const size_t> samples) override;

  /// @returns the means of the encoder, one row a window.
  /// @pre the model is in evaluation mode, without gradients
  points latents(std::span<const size_t> windows);

private:
  torch::Tensor rows_of(std::span<const size_t> samples,
                        const std::vector<size_t>& of) const;
  torch::Tensor loss_of(const torch::Tensor& rows, uint64_t seed,
                        double divergence);

  regime_plan plan_;
  data_parts parts_;
  std::shared_ptr<contrastive_vae> model_;
  torch::Tensor rows_;
  // Of each window: its row.
  torch::Tensor places_;
  // Of each row: the first one of the usable rows that follow each other to it.
  torch::Tensor firsts_;
};

} // namespace qalpha
