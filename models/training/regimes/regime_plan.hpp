// How a model of market regimes is trained, without LibTorch.

#pragma once

#include "models/datasets/market_rows.hpp"
#include "models/datasets/splits.hpp"
#include "models/datasets/training_set.hpp"
#include "models/machine/fallible.hpp"
#include "models/neural/cvae/settings.hpp"
#include "models/outlook/regime_model.hpp"
#include "models/training/all_reduce.hpp"
#include "models/training/trainer_options.hpp"
#include "models/training/training_job.hpp"

#include <memory>
#include <span>

namespace qalpha {

/// Data, model and loop.
struct regime_plan {
  /// With a lookback of 1 and no horizon: a row is what one window of bars was
  /// like.
  window_spec windows;
  /// Bars whose returns name the groups.
  size_t naming_bars = 60;
  part_shares parts;
  trainer_options training;
  /// Widths and dropout; the rest follows.
  contrastive_vae_settings model;
  /// What parts of the loss count; that of the divergence rises from 0 over the
  /// first share of all steps, so that the latent space does not collapse.
  double divergence = 1;
  double divergence_rise = 0.3;
  double contrast = 0.1;
  double temperature = 0.5;
};

/// @param truth one for each row of the first history, if it is known: the
///              result then says how well the regimes were found
/// @param together other processes that train with this one, or empty
/// @returns a fault naming the setting or the column that does not fit.
fallible<std::unique_ptr<training_job>>
make_regime_job(const regime_plan& plan, std::span<const market_rows> history,
                std::span<const regime> truth = {},
                std::shared_ptr<all_reduce> together = nullptr);

} // namespace qalpha
