// Policies of the past, whose actions a model learns from.

#pragma once

#include "models/datasets/seeded_random.hpp"
#include "models/outlook/policy_model.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace qalpha {

/// How trajectories of training come about.
enum class behaviour {
  /// Follows the return of the last bars.
  momentum,
  /// Against it.
  mean_reversion,
  buy_and_hold,
  /// Holds a random position for a while.
  random,
  /// Knows the next bars, and errs often. It gives labels only: states never
  /// hold what it knows.
  oracle,
};

inline constexpr size_t behaviour_count = 5;

/// @relates behaviour
constexpr std::string_view to_string(behaviour x) noexcept {
  switch (x) {
    case behaviour::momentum:
      return "momentum";
    case behaviour::mean_reversion:
      return "mean_reversion";
    case behaviour::buy_and_hold:
      return "buy_and_hold";
    case behaviour::random:
      return "random";
    case behaviour::oracle:
      return "oracle";
  }
  return "unknown";
}

/// What the policies look at.
struct behaviour_settings {
  /// Bars of the return that momentum and its opposite look at.
  size_t lookback = 8;
  /// Bars ahead that the oracle knows.
  size_t foresight = 4;
  /// Share of bars at which the oracle turns its position over.
  double oracle_errors = 0.3;
  /// Probability that the random position changes at a bar.
  double restlessness = 0.1;
  /// The most that the size depends on how sure a policy is: it is 1 less
  /// caution times what it lacks in conviction. Each trajectory has a caution
  /// of its own, from 0 to this; 0: always the whole size.
  double caution = 1;
  /// Shares of trajectories that have a stop and a take profit.
  double stops = 0.5;
  double take_profits = 0.5;
  /// Their distances in deviations of a return of one bar, as it was over the
  /// `lookback`; each trajectory keeps to numbers of its own between these two.
  double nearest_exit = 2;
  double farthest_exit = 8;
  /// Share of trajectories of each policy, by `behaviour`; sum 1, at most a
  /// tenth of oracles.
  std::array<double, behaviour_count> shares{0.3, 0.2, 0.1, 0.3, 0.1};
};

/// @returns whole actions, one a step. How sure a policy is: momentum and its
///          opposite as their position is far from zero, the oracle as what
///          comes is large among such returns, buy and hold entirely; the
///          random policy draws it with its position.
/// @param closes all closes of a series
/// @param first row of the first step
/// @pre `settings.lookback <= first`, and `settings.foresight` rows are behind
///      the last step
std::vector<policy_action>
actions_of(behaviour who, const behaviour_settings& settings,
           std::span<const double> closes, size_t first, size_t steps,
           seeded_random& random);

/// @returns one of them, as often as its share says.
behaviour draw_behaviour(const behaviour_settings& settings,
                         seeded_random& random);

} // namespace qalpha
