// Which features are wanted.

#pragma once

#include "models/machine/fallible.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace qalpha {

/// One wanted feature.
struct feature_request {
  /// As the catalogue calls it.
  std::string feature;
  /// Of its column; empty: made of the feature and its parameters.
  std::string name;
  /// Where it reads from instead of the columns in its entry, by the names of
  /// the entry: a column of the market or one of an earlier request.
  std::map<std::string, std::string> inputs;
  std::map<std::string, double> parameters;

  friend bool operator==(const feature_request&, const feature_request&)
    = default;
};

/// What a pipeline computes.
struct feature_spec {
  /// Length of a bar. A longer step between two rows is a gap.
  std::chrono::milliseconds interval{60'000};
  std::vector<feature_request> features;

  friend bool operator==(const feature_spec&, const feature_spec&) = default;
};

} // namespace qalpha
