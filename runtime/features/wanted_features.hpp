// Which features a person wants, from JSON or a short text.

#pragma once

#include "models/features/feature_spec.hpp"
#include "models/machine/fallible.hpp"
#include "models/machine/json_tree.hpp"
#include "models/market/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Not yet checked against the catalogue.
struct wanted_features {
  /// Length of the bars, where given.
  std::optional<timespan> interval;
  std::vector<feature_request> requests;
};

/// Reads an object
///
///     {
///       "interval": "1h",
///       "features": [
///         {"feature": "sma", "period": 20, "name": "fast"},
///         {"feature": "rsi", "of": "fast", "period": 14},
///         {"feature": "atr", "inputs": {"close": "mark"}}
///       ]
///     }
///
/// or its list of features alone. `of` is the first input. All other keys are
/// parameters of the feature.
/// @returns a fault "features[1].period: expected a number, found ...".
fallible<wanted_features> parse_wanted_features(const json_value& json);

/// Reads what stands behind --spec: the name of a JSON file, a JSON object, or
/// NAME:VALUE:... separated by commas, such as "sma:20,macd:12:26:9", with the
/// parameters in the order of the catalogue.
fallible<wanted_features> read_wanted_features(const std::string& text);

/// @returns what a strategy reads.
/// @param text NAME:VALUE:... with the parameters in the order of its catalogue
fallible<wanted_features> features_of_strategy(std::string_view text);

} // namespace qalpha
