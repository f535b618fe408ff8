// Windows of a training as names and pictures of regimes need them, without
// LibTorch.

#pragma once

#include "models/datasets/training_set.hpp"
#include "models/outlook/regimes/latent_rows.hpp"
#include "models/outlook/regimes/points.hpp"
#include "models/outlook/regimes/regime_map.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace qalpha {

/// @param bars returns up to the row of a window that count
/// @returns one for each window.
std::vector<window_statistics> statistics_of(const training_set& set,
                                             std::span<const size_t> windows,
                                             size_t bars);

/// @returns no rows yet, names of instruments and what the axes explain.
latent_rows make_latent_rows(const training_set& set, const regime_map& map);

/// Adds windows as a map sees them.
/// @param latents one row a window
void add_rows(const training_set& set, std::span<const size_t> windows,
              const points& latents, const regime_map& map, sample_part part,
              latent_rows& to);

} // namespace qalpha
