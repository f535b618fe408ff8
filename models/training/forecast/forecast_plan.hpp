// How a forecasting model is trained, without LibTorch.

#pragma once

#include "models/datasets/market_rows.hpp"
#include "models/datasets/splits.hpp"
#include "models/datasets/training_set.hpp"
#include "models/machine/fallible.hpp"
#include "models/neural/tft/tft_settings.hpp"
#include "models/training/all_reduce.hpp"
#include "models/training/trainer_options.hpp"
#include "models/training/training_job.hpp"

#include <memory>
#include <span>

namespace qalpha {

/// Data, model and loop.
struct forecast_plan {
  window_spec windows;
  /// With the embargo in ms.
  part_shares parts;
  trainer_options training;
  /// Width, heads, levels and dropout; the rest follows from the windows.
  tft_settings model;
};

/// @param together other processes that train with this one, or empty
/// @returns a fault naming the setting or the column that does not fit.
fallible<std::unique_ptr<training_job>>
make_forecast_job(const forecast_plan& plan,
                  std::span<const market_rows> history,
                  std::shared_ptr<all_reduce> together = nullptr);

} // namespace qalpha
