// The result of a training as one line of JSON.

#pragma once

#include "models/training/training_job.hpp"

#include <string>

namespace qalpha {

/// @returns an object without a line break: texts, then figures, then lists, by
///          name.
std::string train_json(const std::map<std::string, std::string>& texts,
                       const training_result& result);

} // namespace qalpha
