// The latent space of a model as files.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/outlook/regimes/latent_rows.hpp"

#include <string>

namespace qalpha {

/// Where it was written to.
struct latent_files {
  std::string svg;
  std::string png;
  std::string csv;
};

/// @returns one line a row below a header:
///
///   time_ms,time,instrument,part,regime,component_1,component_2,explained_1,
///   explained_2
///
/// The time is the close of the bar, the part what the row was to the training,
/// the components are places on the principal axes. What an axis explains of
/// the variance is the same in each row. What is not known is empty.
std::string latent_csv(const latent_rows& x);

/// Writes DIRECTORY/latent.svg, latent.png and latent.csv, each complete or not
/// at all.
/// @param model its name
/// @returns a fault naming the file.
fallible<latent_files> write_latent_files(const latent_rows& x,
                                          const std::string& model,
                                          const std::string& directory);

} // namespace qalpha
