// From checkpoints to machines that ask models.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/features/feature_source.hpp"
#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "models/outlook/model_set.hpp"
#include "runtime/outlook/chosen_models.hpp"

#include <functional>
#include <memory>

namespace qalpha {

/// What makes models of checkpoints: functions of the program with LibTorch.
struct model_loaders {
  fallible<std::unique_ptr<quantile_model>> (*forecaster)(const checkpoint&);
  fallible<std::unique_ptr<regime_model>> (*regimes)(const checkpoint&);
  fallible<std::unique_ptr<policy_model>> (*policy)(const checkpoint&);
};

/// Makes the source of the features of a model for one instrument.
using source_maker = std::function<std::unique_ptr<feature_source>(
  const feature_plan& plan, const instrument& rules)>;

/// What `load_model_set` needs beside the models.
struct model_surroundings {
  universe instruments;
  source_maker sources;
  timespan answer_within = std::chrono::seconds{1};
  /// Age beyond which a model is not asked; absent where the time of the market
  /// is not that of the world.
  std::optional<timespan> max_age;
};

/// Loads each model once, to see that it can be.
/// @returns makers of machines, or a fault naming the model.
fallible<model_set> load_model_set(const chosen_models& models,
                                   const model_loaders& loaders,
                                   const model_surroundings& around);

} // namespace qalpha
