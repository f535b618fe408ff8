// Where regimes lie in the latent space of a model.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/machine/fallible.hpp"
#include "models/outlook/regime_model.hpp"
#include "models/outlook/regimes/points.hpp"
#include "models/outlook/regimes/principal_axes.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace qalpha {

/// Groups of training rows, named.
struct regime_map {
  /// One row a regime, in the order of `regime`.
  points centres;
  /// Deviation of the rows from their centres, a column; positive.
  double spread = 1;
  /// Distance from the nearest centre that 99.5 % of the rows keep; positive.
  double reach = 1;
  /// Two of them.
  principal_axes axes;

  /// @returns what a point looks like.
  /// @pre `latent` has as many entries as a centre
  regime_reading read(std::span<const double> latent) const;

  friend bool operator==(const regime_map& x, const regime_map& y) {
    return x.centres == y.centres && x.spread == y.spread && x.reach == y.reach
           && x.axes.origin == y.axes.origin && x.axes.axes == y.axes.axes;
  }
};

/// What the window of a row was like: of the past of the row only.
struct window_statistics {
  /// Mean of the log returns.
  double mean_return = 0;
  /// Deviation of the log returns, or any measure that rises with it.
  double volatility = 0;
};

/// Names groups: that with the highest volatility is `high_volatility`; of the
/// others, the highest return is `bull`, the lowest `bear`, what is left
/// `sideways`.
/// @param of mean statistics of each group
/// @returns for each regime its group.
std::array<size_t, regime_count>
name_groups(const std::array<window_statistics, regime_count>& of);

/// A map and how well it tells regimes apart.
struct regime_fit {
  regime_map map;
  /// Of each row.
  std::vector<regime> labels;
  /// By `regime`.
  std::array<window_statistics, regime_count> statistics{};
  std::array<size_t, regime_count> members{};
  double inertia = 0;
  /// Of at most `silhouette_rows` rows, evenly taken.
  double silhouette = 0;
  double variance_ratio = 0;
  double overlap = 0;
};

inline constexpr size_t silhouette_rows = 2'000;

/// Finds the regimes of training rows.
/// @param latents means of the encoder, one row each
/// @param statistics of the same rows
/// @returns a fault if there are too few rows, if a value is not finite or if
///          the rows do not fall into as many groups as there are regimes.
fallible<regime_fit> fit_regimes(const points& latents,
                                 std::span<const window_statistics> statistics,
                                 uint64_t seed);

/// Gives the centres of a map that was found anew, in the same latent space,
/// the names of the old ones that they are nearest to.
/// @pre both have centres of the same width
void keep_names(regime_map& now, const regime_map& before);

/// Adds a map to a checkpoint, next to the weights of the model.
void put(const regime_map& map, checkpoint& to);

/// @returns whether a tensor of a checkpoint belongs to a map and not to the
///          model.
bool is_of_map(const tensor_values& x) noexcept;

/// Reads what `put` has written.
/// @param latent columns of the latent space
/// @returns a fault naming what is missing, mis-shaped or not finite.
fallible<regime_map> regime_map_of(const checkpoint& from, size_t latent);

} // namespace qalpha
