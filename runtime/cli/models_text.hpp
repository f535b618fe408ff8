// What `qalpha models` says.

#pragma once

#include "models/market/time.hpp"
#include "runtime/checkpoints/checkpoint_store.hpp"

#include <string>
#include <vector>

namespace qalpha {

/// @returns how long ago something was, for example "3 days"; "-" for what is
///          still to come.
std::string age_text(timespan age);

/// @returns a table of all versions, for people.
std::string models_text(const std::vector<stored_model>& models, utc_time now);

/// @returns the same as one JSON object.
std::string models_json(const std::vector<stored_model>& models, utc_time now);

/// @returns all that is known about one version, for people.
std::string model_text(const stored_checkpoint& model,
                       const model_registry& registry, utc_time now);

/// @returns the same as one JSON object.
std::string model_json(const stored_checkpoint& model,
                       const model_registry& registry, utc_time now);

/// @returns what was decided, for people.
/// @param before the version that was live until then, if there was one
std::string change_text(const registry_change& change,
                        const std::optional<model_version>& before);

/// @returns the same as one JSON object.
std::string change_json(const registry_change& change);

} // namespace qalpha
