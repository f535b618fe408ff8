// A specification, checked and bound: what a pipeline executes.

#pragma once

#include "models/features/feature_entry.hpp"
#include "models/features/feature_spec.hpp"

#include <string>
#include <vector>

namespace qalpha {

/// Where an input comes from.
struct feature_input {
  /// Among `feature_plan::columns` if `of_feature`, else among
  /// `feature_plan::sources`.
  size_t column;
  bool of_feature;
};

/// One feature with its place in the pipeline.
struct feature_step {
  const feature_entry* entry;
  std::vector<double> parameters;
  std::vector<feature_input> inputs;
  /// Its outputs are the columns from here on.
  size_t first_column;
};

/// One column that comes out.
struct feature_column {
  std::string name;
  std::string help;
};

struct feature_plan {
  std::chrono::milliseconds interval;
  /// Columns of the market (indexes of `market_columns`, rising) that have to
  /// come in. Time is always among them.
  std::vector<size_t> sources;
  /// Each step reads only columns of the steps before it.
  std::vector<feature_step> steps;
  std::vector<feature_column> columns;
  /// Of names, features, parameters, inputs and interval: two pipelines with
  /// the same hash compute the same columns. 16 hexadecimal digits.
  std::string schema_hash;

  /// @returns a fault "features[2].period: ..." naming what is unknown, out of
  ///          range, defined twice or read before it is computed.
  static fallible<feature_plan> make(const feature_spec& spec);
};

} // namespace qalpha
