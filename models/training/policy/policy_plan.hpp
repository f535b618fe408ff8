// How a trading policy is trained on episodes of the past, without LibTorch.

#pragma once

#include "models/datasets/market_rows.hpp"
#include "models/datasets/splits.hpp"
#include "models/datasets/training_set.hpp"
#include "models/datasets/trajectories.hpp"
#include "models/machine/fallible.hpp"
#include "models/neural/decision_transformer/settings.hpp"
#include "models/training/all_reduce.hpp"
#include "models/training/trainer_options.hpp"
#include "models/training/training_job.hpp"

#include <memory>
#include <span>

namespace qalpha {

/// Data, episodes, model and loop.
struct policy_plan {
  /// With a lookback of 1 and no horizon.
  window_spec windows;
  part_shares parts;
  trajectory_settings episodes;
  trainer_options training;
  /// Width, layers, heads, context and dropout; the rest follows.
  decision_transformer_settings model;
  /// Share of the training episodes whose return the target exceeds.
  double target_share = 0.8;
  /// Steps of the returns that the model also learns to predict, and how much
  /// that counts; 0: not at all.
  size_t return_steps = 5;
  double return_weight = 0;
};

/// @param together other processes that train with this one, or empty
/// @returns a fault naming the setting or the column that does not fit.
fallible<std::unique_ptr<training_job>>
make_policy_job(const policy_plan& plan, std::span<const market_rows> history,
                std::shared_ptr<all_reduce> together = nullptr);

} // namespace qalpha
