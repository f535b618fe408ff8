// Regimes as a map: where rows lie in the latent space of a model.

#pragma once

#include "models/outlook/regime_model.hpp"

#include <array>
#include <string>
#include <vector>

namespace qalpha {

/// A row on the two principal axes.
struct latent_point {
  std::array<double, 2> position{};
  regime kind = regime::bull;
};

/// Rows coloured by regime, and the way of the last ones.
struct latent_picture {
  std::string title;
  /// Rows of the training. Of more than `most_latent_points` an even choice is
  /// drawn.
  std::vector<latent_point> rows;
  /// The last rows, oldest first, joined by a line. Of more than
  /// `latent_path_points` the last ones count.
  std::vector<latent_point> path;
};

inline constexpr size_t most_latent_points = 4'000;
inline constexpr size_t latent_path_points = 200;

/// @returns the picture as SVG. Points that are not finite, or beyond
///          1e12, are left out.
std::string to_svg(const latent_picture& x);

/// @returns the same as a PNG file.
std::string to_png(const latent_picture& x);

} // namespace qalpha
