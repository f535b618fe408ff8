// Policies of the past, whose actions a model learns from.

#pragma once

#include "models/datasets/seeded_random.hpp"

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
  /// Share of trajectories of each policy, by `behaviour`; sum 1, at most a
  /// tenth of oracles.
  std::array<double, behaviour_count> shares{0.3, 0.2, 0.1, 0.3, 0.1};
};

/// @returns positions from -1 to 1, one a step.
/// @param closes all closes of a series
/// @param first row of the first step
/// @pre `settings.lookback <= first`, and `settings.foresight` rows are behind
///      the last step
std::vector<double> positions_of(behaviour who,
                                 const behaviour_settings& settings,
                                 std::span<const double> closes, size_t first,
                                 size_t steps, seeded_random& random);

/// @returns one of them, as often as its share says.
behaviour draw_behaviour(const behaviour_settings& settings,
                         seeded_random& random);

} // namespace qalpha
