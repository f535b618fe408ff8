// Batches of windows for a temporal fusion transformer. Includes LibTorch.

#pragma once

#include "models/neural/torch.hpp"

#include "models/datasets/scales.hpp"
#include "models/datasets/splits.hpp"
#include "models/datasets/training_set.hpp"
#include "models/neural/tft/temporal_fusion.hpp"
#include "models/training/forecast/forecast_score.hpp"
#include "models/training/trainer.hpp"

#include <memory>
#include <span>

namespace qalpha {

/// Holds all windows as one table of rows and cuts batches from it. The series
/// is a static category, the columns known beforehand are known values, all
/// others are observed.
class forecast_task final : public training_task {
public:
  forecast_task(const training_set& set, data_parts parts,
                const training_scales& scales, const tft_settings& settings,
                uint64_t seed, const torch::Device& device);

  torch::nn::Module& model() override {
    return *model_;
  }

  const temporal_fusion& network() const noexcept {
    return *model_;
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

  /// @param windows numbers of windows
  /// @returns forecasts as the model's users see them, unscaled and rising,
  ///          beside the targets.
  scored_forecasts forecast(std::span<const size_t> windows);

  /// How much each variable counts, by its column.
  struct shares {
    std::vector<double> past;
    /// Of the known columns, in their order.
    std::vector<double> known;
  };

  /// @returns the means over windows and steps, sum 1 each.
  shares importances(std::span<const size_t> windows);

  /// @returns the targets of windows, unscaled, horizon values each.
  std::vector<double> targets(std::span<const size_t> windows) const;

  const data_parts& parts() const noexcept {
    return parts_;
  }

private:
  torch::Tensor numbers(std::span<const size_t> samples,
                        const std::vector<size_t>& of) const;
  torch::Tensor numbers(std::span<const size_t> windows) const;
  torch::Tensor unscaled_targets(const torch::Tensor& windows) const;
  tft_batch cut(const torch::Tensor& windows) const;
  torch::Tensor loss_of(const torch::Tensor& windows);

  data_parts parts_;
  tft_settings settings_;
  std::shared_ptr<temporal_fusion> model_;
  // `[rows, columns]`.
  torch::Tensor rows_;
  // Of each window: first row of its lookback, series, targets.
  torch::Tensor begins_;
  torch::Tensor series_;
  torch::Tensor targets_;
  // Of each series: mean and deviation of its targets.
  torch::Tensor target_means_;
  torch::Tensor target_deviations_;
  torch::Tensor known_;
  torch::Tensor observed_;
};

} // namespace qalpha
