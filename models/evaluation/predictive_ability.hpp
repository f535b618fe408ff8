// Whether the best of many models beats a benchmark by more than luck.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/simulation/random_stream.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace qalpha {

/// Probabilities of so good a best model if none were better than the
/// benchmark. They differ in how models count that are far worse than it.
struct ability_probability {
  /// As if they were not there.
  double lower = 0;
  /// Hansen's test: not there if they are too bad to be due to chance.
  double consistent = 0;
  /// White's reality check: as good as the benchmark.
  double upper = 0;
};

/// Both forms of the test.
struct superior_ability {
  /// The largest mean itself.
  ability_probability plain;
  /// Each mean in units of its own deviation, so that a wild model does not
  /// drown the others.
  ability_probability studentised;
};

/// Draws rows in blocks of geometric length about `block` that begin anywhere
/// and go round at the end (Politis and Romano's stationary bootstrap).
std::vector<size_t> stationary_rows(size_t count, double block,
                                    random_stream& random);

/// Superior predictive ability (Hansen 2005; White 2000; MATHS, section 8.8).
/// @param advantages one vector a model: loss of the benchmark less that of the
///                   model, or return of the model less that of the benchmark
/// @param samples rows of each repetition
/// @param block mean length of the blocks in `samples`
/// @returns a fault if sizes do not fit.
fallible<superior_ability>
test_superior_ability(std::span<const std::vector<double>> advantages,
                      std::span<const std::vector<size_t>> samples,
                      double block);

} // namespace qalpha
