// Episodes of the past, played by several policies.

#pragma once

#include "models/datasets/behaviour.hpp"
#include "models/datasets/splits.hpp"
#include "models/datasets/training_set.hpp"
#include "models/machine/fallible.hpp"
#include "models/outlook/guarded_position.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace qalpha {

/// A stretch of rows of one series in which everything is defined.
struct episode_place {
  size_t series = 0;
  /// Row of the first state.
  size_t first = 0;
};

/// What one policy did in one episode and what it earned.
struct trajectory {
  episode_place place;
  behaviour who = behaviour::random;
  /// One a step.
  std::vector<policy_action> actions;
  /// Of each step: what playing its action whole earns in the next bar, see
  /// `play_bar`.
  std::vector<double> rewards;
  /// What is earned from each step on.
  std::vector<double> returns_to_go;

  double total() const noexcept {
    return returns_to_go.empty() ? 0 : returns_to_go.front();
  }
};

/// How episodes are cut and played.
struct trajectory_settings {
  /// Steps of an episode.
  size_t episode = 48;
  /// Of a change of the position by one, a fraction.
  double cost = 0.0005;
  /// Trajectories in each episode.
  size_t players = 8;
  behaviour_settings behaviours;
};

/// @returns a fault naming what is out of range.
std::optional<fault> check(const trajectory_settings& settings);

/// Cuts a set of whole bars, whose windows have a lookback of 1, into episodes
/// that do not overlap, in the order of time.
std::vector<episode_place> cut_episodes(const training_set& set,
                                        const trajectory_settings& settings);

/// @returns when each episode begins and when the last thing is known that its
///          players knew or earned, ms.
std::vector<sample_span> spans_of(const training_set& set,
                                  const std::vector<episode_place>& places,
                                  const trajectory_settings& settings);

/// @returns the prices of one row.
/// @pre the set has whole bars
bar_prices prices_at(const training_series& series, size_t row);

/// @returns the rewards of actions from a row on; the first one is taken from
///          nothing.
std::vector<double> rewards_of(std::span<const policy_action> actions,
                               const training_series& series, size_t first,
                               double cost);

/// Plays the episodes, each as often as there are players. What one episode is
/// like depends on its place and the seed only.
std::vector<trajectory>
play_episodes(const training_set& set, const std::vector<episode_place>& places,
              const trajectory_settings& settings, uint64_t seed);

/// @returns the total return that a share of the trajectories does not exceed.
/// @pre there is a trajectory
double return_quantile(const std::vector<trajectory>& all, double share);

} // namespace qalpha
