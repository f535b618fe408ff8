// The models of one run.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "models/outlook/model_set.hpp"
#include "runtime/config/node_config.hpp"
#include "runtime/outlook/model_loading.hpp"

#include <string>
#include <vector>

namespace qalpha {

struct session_models {
  model_set set;
  chosen_models chosen;
  /// One a model, for people.
  std::vector<std::string> lines;
};

/// Loads what the configuration names; nothing if it names none.
/// @param loaders null in a program without LibTorch
/// @returns a fault naming the setting or the model.
fallible<session_models> open_models(const node_config& config,
                                     const model_loaders* loaders,
                                     const universe& instruments);

} // namespace qalpha
