// qalpha features --fit: parameters that data give to features.

#pragma once

#include "runtime/cli/features_input.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace qalpha {

/// Features with parameters, ready for --spec.
struct fitted_list {
  std::string json;
  /// A line a feature: how well the parameters do.
  std::vector<std::string> qualities;
};

/// @param names of `micro_price`, `order_flow_integrated`, separated by commas
std::variant<fitted_list, features_refusal>
fit_features(const std::string& names, const std::string& file,
             const std::string& symbol, std::optional<timespan> interval);

} // namespace qalpha
