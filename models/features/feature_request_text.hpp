// Wanted features as JSON.

#pragma once

#include "models/features/feature_spec.hpp"
#include "models/machine/fallible.hpp"
#include "models/machine/json_tree.hpp"

#include <string>
#include <vector>

namespace qalpha {

/// Reads a list
///
///     [
///       {"feature": "sma", "period": 20, "name": "fast"},
///       {"feature": "rsi", "of": "fast", "period": 14},
///       {"feature": "atr", "inputs": {"close": "mark"}}
///     ]
///
/// `of` is the first input. All other keys are parameters of the feature. What
/// a feature knows is for `feature_plan` to check.
/// @param place of the list, for faults
/// @returns a fault "features[1].period: expected a number, found ...".
fallible<std::vector<feature_request>>
read_feature_requests(const std::string& place, const json_value& json);

/// @returns such a list, one request a line; it reads back as the same
/// requests.
/// @param indent of the line where the list begins
std::string feature_requests_json(const std::vector<feature_request>& list,
                                  const std::string& indent = "");

} // namespace qalpha
