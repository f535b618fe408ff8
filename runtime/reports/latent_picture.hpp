// Regimes as a map: where rows lie in the latent space of a model.

#pragma once

#include "models/outlook/regimes/latent_rows.hpp"
#include "runtime/reports/picture.hpp"

#include <array>
#include <string>
#include <vector>

namespace qalpha {

/// A row on the two principal axes.
struct latent_point {
  std::array<double, 2> position{};
  regime kind = regime::bull;
};

/// Rows coloured by regime, and the way of the last ones. Points that are not
/// finite, or beyond `farthest_value`, are left out.
struct latent_picture {
  std::string title;
  /// Of more than `most_latent_points` an even choice is drawn.
  std::vector<latent_point> rows;
  /// The last rows, oldest first, joined by a line. Of more than
  /// `latent_path_points` the last ones count.
  std::vector<latent_point> path;
  /// When the last row was.
  std::string path_end = "now";
  /// Share of the variance along each axis, if it is known.
  std::array<double, 2> explained{};
};

inline constexpr size_t most_latent_points = 4'000;
inline constexpr size_t latent_path_points = 200;

/// @param model its name
/// @returns a picture of the rows of the training, and the way of the rows of
///          the first instrument that came after it. Where it is not known
///          which were trained on, both are made of all rows.
latent_picture picture_of(const latent_rows& x, const std::string& model);

/// @relates latent_picture
void draw(const latent_picture& x, canvas& on);

} // namespace qalpha
