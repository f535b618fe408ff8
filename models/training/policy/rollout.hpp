// A policy at work in many episodes at a time. Includes LibTorch.

#pragma once

#include "models/neural/torch.hpp"

#include "models/datasets/training_set.hpp"
#include "models/datasets/trajectories.hpp"
#include "models/neural/decision_transformer/decision_transformer.hpp"
#include "models/neural/decision_transformer/policy_figures.hpp"

#include <vector>

namespace qalpha {

/// What a policy is asked in each step.
struct rollout_settings {
  /// Return of the episode that is asked for.
  double target = 0;
  size_t episode = 0;
  /// Scales, and what changes of the position cost.
  policy_figures figures;
};

/// Lets the policy act in each episode as it would live: it sees the states so
/// far, what is still wanted and what it did. Its actions are played whole, by
/// the rule that the rewards of training come from.
/// @param states scaled, all series behind each other
/// @returns what each episode earned, net of costs.
/// @pre the model is in evaluation mode, without gradients
std::vector<double>
roll_out(decision_transformer& model, const training_set& set,
         const std::vector<episode_place>& places, const torch::Tensor& states,
         const std::vector<int64_t>& first_rows,
         const rollout_settings& settings);

} // namespace qalpha
