// Trajectories as batches for a decision transformer. Includes LibTorch.

#pragma once

#include "models/neural/torch.hpp"

#include "models/checkpoints/checkpoint.hpp"
#include "models/datasets/trajectories.hpp"
#include "models/neural/decision_transformer/decision_transformer.hpp"
#include "models/neural/decision_transformer/policy_figures.hpp"

#include <span>
#include <vector>

namespace qalpha {

/// A batch with what the model should say.
struct replay_batch {
  trajectory_batch steps;
  /// Returns of the next few steps, scaled; `[batch, steps, 1]`.
  torch::Tensor short_returns;
};

/// Holds trajectories as tensors. A sample is a trajectory and the step at
/// which it begins: as many samples as steps, so that a trajectory comes as
/// often as it is long. Samples that reach beyond the end are filled up on the
/// left.
class replay_buffer final {
public:
  /// @param states scaled, all series behind each other; `[rows, columns]`
  /// @param first_rows of each series in `states`
  /// @param figures by which returns and actions are scaled
  /// @param return_steps of the short returns
  replay_buffer(const std::vector<trajectory>& all, torch::Tensor states,
                const std::vector<int64_t>& first_rows,
                const policy_figures& figures, size_t return_steps,
                int64_t context);

  size_t samples() const noexcept {
    return static_cast<size_t>(trajectories_ * length_);
  }

  replay_batch cut(std::span<const size_t> samples) const;

  /// @returns the variance of each entry of the actions; `[entries]`.
  torch::Tensor action_variances() const;

private:
  int64_t trajectories_ = 0;
  int64_t length_ = 0;
  int64_t context_;
  torch::Tensor states_;
  // Of each trajectory: row of its first state.
  torch::Tensor begins_;
  // `[steps of all trajectories, entries]`.
  torch::Tensor actions_;
  torch::Tensor returns_to_go_;
  torch::Tensor short_returns_;
};

} // namespace qalpha
