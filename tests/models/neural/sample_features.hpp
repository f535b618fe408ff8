// Features of a checkpoint that is made up.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/features/feature_plan.hpp"

#include <string>

namespace qalpha {

/// @returns a manifest with `columns` features, each with a scale of its own.
inline manifest sample_manifest(const std::string& architecture,
                                size_t columns) {
  manifest result;
  result.id = "sample";
  result.architecture = architecture;
  for (size_t i = 0; i < columns; ++i) {
    auto period = static_cast<double>(i + 1);
    result.features.features.push_back({"log_return",
                                        "return_" + std::to_string(i + 1),
                                        {},
                                        {{"period", period}}});
    result.scales.push_back({0.01 * period, 0.5 + 0.25 * period});
  }
  result.schema_hash = feature_plan::make(result.features)->schema_hash;
  return result;
}

} // namespace qalpha
