// Which trained models a run asks, read from their store.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/time.hpp"
#include "runtime/checkpoints/checkpoint_store.hpp"
#include "runtime/config/node_config.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace qalpha {

/// Checkpoints by role; null where none is asked.
using chosen_models
  = std::array<std::shared_ptr<const stored_checkpoint>, model_role_count>;

/// Reads what the configuration asks for.
/// @param bar_interval that features must be of
/// @returns a fault naming the setting, or the file that is not right.
fallible<chosen_models> choose_models(const model_settings& settings,
                                      timespan bar_interval);

/// @returns one line a model, for people: role, id, version, hash, when it was
///          trained.
std::vector<std::string> describe(const chosen_models& models);

} // namespace qalpha
