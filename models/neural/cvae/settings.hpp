// Sizes of a contrastive variational autoencoder.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/machine/fallible.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace qalpha {

/// How the model is built. The weights that go with it have shapes that follow
/// from it.
struct contrastive_vae_settings {
  /// Columns of a row.
  int64_t columns = 1;
  /// Widths of the layers of the encoder; those of the decoder are the same,
  /// the other way round.
  std::vector<int64_t> hidden{256, 128, 64};
  /// Width of the latent space.
  int64_t latent = 32;
  /// Width of what views are compared by.
  int64_t projection = 16;
  double dropout = 0;

  friend bool
  operator==(const contrastive_vae_settings&, const contrastive_vae_settings&)
    = default;
};

/// @returns a fault naming what is out of range.
std::optional<fault> check(const contrastive_vae_settings& settings);

/// @returns how many weights such a model has, running means and variances
///          included.
/// @pre `!check(settings)`
uint64_t weight_count(const contrastive_vae_settings& settings) noexcept;

/// @returns the settings of a manifest, checked, or a fault naming what is
///          missing or out of range.
/// @param columns of its plan
fallible<contrastive_vae_settings>
contrastive_vae_settings_of(const manifest& about, size_t columns);

/// Writes settings where the function above reads them.
void put(const contrastive_vae_settings& settings, manifest& about);

} // namespace qalpha
